// Invariants of this class:
//  * Whatever value is written, the bytes are a legal response: text that cannot be quoted becomes a literal (RFC 3501 §4.3).
//  * No more than about two blocks are held: long answers call FlushIfFullAsync between messages and between blocks of a text.
//  * A peer that is gone or does not read shows as PeerGoneException from a flush and nowhere else.
using System.Buffers;
using System.Buffers.Text;
using System.Text;
using MailStore;
using MailStore.Names;
using Sasl.Hosting.Net;

namespace MailServers.Imap.Wire;

/// <summary>The connection broke or its peer does not read: the session ends, there is nobody to answer.</summary>
sealed class PeerGoneException() : Exception("the peer is gone");

/// <summary>Writes the words of responses into the connection's buffer.</summary>
sealed class ImapWriter(Connection connection)
{
    const int Block = 16 * 1024;
    const int LongestQuoted = 1000;

    /// <summary>Bytes written so far, for the log.</summary>
    public long Written { get; private set; }

    /// <summary>A response has begun and has not ended: when its command fails now, the dialogue cannot go on.</summary>
    public bool InResponse { get; private set; }

    public ImapWriter Begin(string start)
    {
        InResponse = true;
        return Text(start);
    }

    public void End()
    {
        Bytes("\r\n"u8);
        InResponse = false;
    }

    public void Line(string text) => Begin(text).End();

    /// <summary>Protocol words: ASCII that we chose ourselves, or a text for people, whose control and 8-bit characters become '?'.</summary>
    public ImapWriter Text(string words)
    {
        var span = connection.Output.GetSpan(words.Length);
        for (var i = 0; i < words.Length; i++)
            span[i] = words[i] is >= ' ' and <= '~' ? (byte)words[i] : (byte)'?';
        return Advance(words.Length);
    }

    public ImapWriter Number(long number)
    {
        Utf8Formatter.TryFormat(number, connection.Output.GetSpan(20), out var length);
        return Advance(length);
    }

    public ImapWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        connection.Output.Write(bytes);
        Written += bytes.Length;
        return this;
    }

    /// <summary>A quoted string, or a literal when quoting cannot say it.</summary>
    public ImapWriter String(string value)
    {
        if (value.Length > LongestQuoted || value.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
            return Literal(value);
        var span = connection.Output.GetSpan(2 + (2 * value.Length));
        var at = 0;
        span[at++] = (byte)'"';
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                span[at++] = (byte)'\\';
            span[at++] = (byte)c;
        }
        span[at++] = (byte)'"';
        return Advance(at);
    }

    public ImapWriter NString(string? value) => value is null ? Text("NIL") : String(value);

    /// <summary>A mailbox name: an atom where that is legal, as most clients and people expect.</summary>
    public ImapWriter Mailbox(string name)
    {
        var wire = ModifiedUtf7.Encode(name);
        return IsAtom(wire) ? Text(wire) : String(wire);
    }

    public ImapWriter Flags(MessageFlags flags, IReadOnlySet<string> keywords)
    {
        Text("(");
        var between = "";
        foreach (var (flag, name) in FlagNames.All)
        {
            if ((flags & flag) == 0)
                continue;
            Text(between).Text(name);
            between = " ";
        }
        foreach (var keyword in keywords)
        {
            Text(between).Text(keyword);
            between = " ";
        }
        return Text(")");
    }

    /// <summary>RFC 3501 §9 date-time.</summary>
    public ImapWriter DateTime(DateTimeOffset time)
    {
        var span = connection.Output.GetSpan(40);
        return Advance(ImapDate.Format(time, span));
    }

    /// <summary>Writes a part of a text as the content of a literal that was announced before, flushing block by block.</summary>
    public async ValueTask CopyAsync(Stream text, long count)
    {
        while (count > 0)
        {
            var memory = connection.Output.GetMemory(4096);
            var read = await text.ReadAsync(memory[..(int)Math.Min(memory.Length, count)]);
            if (read == 0)
                throw new EndOfStreamException("a message became shorter while it was sent");
            Content(memory.Span[..read]);
            count -= read;
            await FlushIfFullAsync();
        }
    }

    /// <summary>Writes bytes of a text as content of a literal.</summary>
    public void CopyContent(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var span = connection.Output.GetSpan();
            var count = Math.Min(span.Length, bytes.Length);
            bytes[..count].CopyTo(span);
            Content(span[..count]);
            bytes = bytes[count..];
        }
    }

    public ValueTask FlushIfFullAsync() => connection.Output.UnflushedBytes < Block ? ValueTask.CompletedTask : FlushAsync();

    public async ValueTask FlushAsync()
    {
        if (!await connection.FlushAsync())
            throw new PeerGoneException();
    }

    ImapWriter Literal(string value)
    {
        // A literal holds no NUL (RFC 3501 §9 CHAR8).
        if (value.Contains('\0'))
            value = value.Replace('\0', '?');
        var length = Encoding.UTF8.GetByteCount(value);
        Text("{").Number(length).Bytes("}\r\n"u8);
        Written += Encoding.UTF8.GetBytes(value, connection.Output);
        return this;
    }

    /// <summary>RFC 3501 §9 CHAR8: a NUL must not travel; like Dovecot we send 0x80, which keeps the length.</summary>
    void Content(Span<byte> written)
    {
        if (written.Contains((byte)0))
            written.Replace((byte)0, (byte)0x80);
        Advance(written.Length);
    }

    ImapWriter Advance(int length)
    {
        connection.Output.Advance(length);
        Written += length;
        return this;
    }

    static bool IsAtom(string text)
    {
        foreach (var c in text)
            if (!ImapChars.Atom.Contains((byte)c))
                return false;
        return text.Length > 0 && !text.Equals("NIL", StringComparison.OrdinalIgnoreCase);
    }
}
