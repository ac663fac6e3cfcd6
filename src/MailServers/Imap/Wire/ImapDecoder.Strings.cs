using System.Buffers;
using System.Text;
using MailStore.Names;

namespace MailServers.Imap.Wire;

/// <summary>The string forms: atoms that may be strings, quoted strings, literals, mailbox names.</summary>
sealed partial class ImapDecoder
{
    /// <summary>RFC 3501 §9 astring, as bytes: the caller knows the charset.</summary>
    public ReadOnlyMemory<byte> ExpectAString() => ExpectStringOr(ImapChars.AString);

    /// <summary>The same where the grammar is ASCII.</summary>
    public string ExpectAsciiString()
    {
        var bytes = ExpectAString();
        if (!Ascii.IsValid(bytes.Span))
            Fail("8bit data in argument.");
        return Encoding.ASCII.GetString(bytes.Span);
    }

    /// <summary>RFC 3501 §9 string: quoted or literal.</summary>
    public ReadOnlyMemory<byte> ExpectString()
    {
        if (TryString(out var value))
            return value;
        Fail("Missing string.");
        return default;
    }

    /// <summary>RFC 3501 §9 nstring; null for NIL.</summary>
    public ReadOnlyMemory<byte>? ExpectNString() => TryWord("NIL") ? null : ExpectString();

    /// <summary>A mailbox name as it is meant, INBOX in its one spelling.</summary>
    public string ExpectMailbox(char separator) => MailboxName.Canonical(Utf7(ExpectAString()), separator);

    /// <summary>RFC 3501 §9 list-mailbox: a pattern with "%" and "*".</summary>
    public string ExpectListMailbox() => Utf7(ExpectStringOr(ImapChars.ListMailbox));

    /// <summary>
    /// A literal's announcement at the very end of the command, the literal itself not read yet: the command streams it.
    /// </summary>
    public (long Size, bool Synchronising) ExpectLiteralAhead()
    {
        if (!Failed && LiteralHeader.TryParse(Rest, out var size, out var synchronising, out var length) && length == Rest.Length)
        {
            _at += length;
            return (size, synchronising);
        }
        Fail("Missing literal.");
        return default;
    }

    ReadOnlyMemory<byte> ExpectStringOr(SearchValues<byte> set)
    {
        if (TryString(out var value))
            return value;
        var start = _at;
        var length = Run(set).Length;
        if (length == 0)
            Fail("Missing argument.");
        return command.Slice(start, length);
    }

    string Utf7(ReadOnlyMemory<byte> bytes)
    {
        if (Failed)
            return "";
        if (ModifiedUtf7.Decode(Encoding.Latin1.GetString(bytes.Span)) is { } name)
            return name;
        Fail("Mailbox name is not valid modified UTF-7.");
        return "";
    }

    bool TryString(out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (Failed || Rest.IsEmpty)
            return false;
        return Rest[0] == '"' ? TryQuoted(out value) : Rest[0] == '{' && TryLiteral(out value);
    }

    bool TryQuoted(out ReadOnlyMemory<byte> value)
    {
        value = default;
        var escapes = 0;
        var text = Rest;
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    value = escapes == 0 ? command.Slice(_at + 1, i - 1) : Unescape(text[1..i], escapes);
                    _at += i + 1;
                    return true;
                case (byte)'\\':
                    // RFC 3501 §9: only quoted-specials are escaped.
                    if (++i == text.Length || text[i] is not ((byte)'"' or (byte)'\\'))
                    {
                        Fail("Invalid escape in quoted string.");
                        return false;
                    }
                    escapes++;
                    break;
                case 0 or (byte)'\r' or (byte)'\n':
                    Fail("Invalid character in quoted string.");
                    return false;
            }
        }
        Fail("Missing '\"'.");
        return false;
    }

    static byte[] Unescape(ReadOnlySpan<byte> text, int escapes)
    {
        var bytes = new byte[text.Length - escapes];
        for (int from = 0, to = 0; from < text.Length; from++)
            bytes[to++] = text[from] == '\\' ? text[++from] : text[from];
        return bytes;
    }

    bool TryLiteral(out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (!LiteralHeader.TryParse(Rest, out var size, out _, out var length) || Rest.Length < length + 2 + size)
        {
            Fail("Invalid literal.");
            return false;
        }
        value = command.Slice(_at + length + 2, (int)size);
        _at += length + 2 + (int)size;
        // RFC 3501 §4.3: a literal holds CHAR8, which is any octet but NUL.
        if (!value.Span.Contains((byte)0))
            return true;
        Fail("NULs in literal.");
        return false;
    }
}
