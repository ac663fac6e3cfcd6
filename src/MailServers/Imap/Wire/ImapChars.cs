using System.Buffers;

namespace MailServers.Imap.Wire;

/// <summary>The character classes of RFC 3501 §9 as sets.</summary>
static class ImapChars
{
    // atom-specials: "(" / ")" / "{" / SP / CTL / list-wildcards / quoted-specials / resp-specials
    static readonly byte[] _atom = [.. Printable().Except("(){ %*\"\\]"u8.ToArray())];

    public static readonly SearchValues<byte> Atom = SearchValues.Create(_atom);

    /// <summary>ASTRING-CHAR: an atom may also hold "]".</summary>
    public static readonly SearchValues<byte> AString = SearchValues.Create([.. _atom, (byte)']']);

    /// <summary>list-char: an astring may also hold the wildcards.</summary>
    public static readonly SearchValues<byte> ListMailbox = SearchValues.Create([.. _atom, .. "]%*"u8]);

    /// <summary>tag: ASTRING-CHAR without "+".</summary>
    public static readonly SearchValues<byte> Tag = SearchValues.Create([.. _atom.Except("+"u8.ToArray()), (byte)']']);

    public static readonly SearchValues<byte> Digit = SearchValues.Create("0123456789"u8);

    public static readonly SearchValues<byte> SequenceSet = SearchValues.Create("0123456789:,*"u8);

    /// <summary>What may stand between quotation marks without a backslash.</summary>
    public static readonly SearchValues<char> QuotedText = SearchValues.Create([.. Printable().Select(b => (char)b).Except("\"\\")]);

    static IEnumerable<byte> Printable() => Enumerable.Range(0x20, 0x7f - 0x20).Select(c => (byte)c);
}
