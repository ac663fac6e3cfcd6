using System.Text;

namespace MailControl;

/// <summary>
/// The message as programs pipe it in: LF or CRLF lines of any length, perhaps a mbox From_ line in front, perhaps ended by a single dot.
/// Only the header is held; the body passes in pieces.
/// </summary>
sealed class SendmailInput(Stream input, bool ignoreDots)
{
    const int LargestHeader = 1 << 20;

    readonly byte[] _buffer = new byte[32 * 1024];
    readonly MemoryStream _pending = new();
    int _at, _end;

    /// <summary>Null: the header is longer than anybody's.</summary>
    public async Task<SendmailHeader?> ReadHeaderAsync(CancellationToken stop)
    {
        var header = new SendmailHeader();
        var (total, first) = (0, true);
        while (await ReadLineAsync(stop) is { } line)
        {
            if ((total += line.Length) > LargestHeader)
                return null;
            if (line.Length == 0)
                break;
            var text = Encoding.UTF8.GetString(line);
            // mbox's From_ line is no part of the message, also when it was quoted.
            if (first && (text.StartsWith("From ", StringComparison.Ordinal) || text.StartsWith(">From ", StringComparison.Ordinal)))
                continue;
            first = false;
            if (header.Add(text))
                continue;
            _pending.Write(line);
            _pending.Write("\n"u8);
            break;
        }
        return header;
    }

    /// <summary>The body in CRLF form, dots doubled (RFC 5321 §4.5.2), without the final dot line.</summary>
    public async Task CopyBodyAsync(Func<ReadOnlyMemory<byte>, Task> sink, CancellationToken stop)
    {
        var output = new MemoryStream();
        if (_pending.Length > 0)
            WriteLine(output, _pending.ToArray().AsSpan(0, (int)_pending.Length - 1));
        while (await ReadLineAsync(stop) is { } line && (ignoreDots || line is not [(byte)'.']))
        {
            WriteLine(output, line);
            if (output.Length < 32 * 1024)
                continue;
            await sink(output.ToArray());
            output.SetLength(0);
        }
        await sink(output.ToArray());
    }

    static void WriteLine(MemoryStream output, ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("."u8))
            output.Write("."u8);
        output.Write(line);
        output.Write("\r\n"u8);
    }

    /// <summary>One line without LF or CRLF; null at the end. An over-long line of a body is cut where SMTP's limit would cut it.</summary>
    async ValueTask<byte[]?> ReadLineAsync(CancellationToken stop)
    {
        var line = new MemoryStream();
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, await input.ReadAsync(_buffer, stop));
                if (_end == 0)
                    return line.Length == 0 ? null : Trim(line);
            }
            var feed = _buffer.AsSpan(_at, _end - _at).IndexOf((byte)'\n');
            var length = feed < 0 ? _end - _at : feed;
            line.Write(_buffer, _at, length);
            _at += feed < 0 ? length : length + 1;
            if (feed >= 0)
                return Trim(line);
            if (line.Length > LargestHeader)
                return line.ToArray();
        }
    }

    static byte[] Trim(MemoryStream line)
    {
        var bytes = line.ToArray();
        return bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
    }
}
