using System.Buffers;

namespace MailServers.Queue.SmtpClient;

/// <summary>Doubles dots at the beginning of lines and ends the text with CRLF.CRLF, however the text is cut (RFC 5321 §4.5.2). CRLF text only.</summary>
sealed class DotStuffer
{
    bool _atLineStart = true, _afterReturn;

    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_atLineStart && text[0] == '.')
                output.Write("."u8);
            var feed = text.IndexOf((byte)'\n');
            var line = feed < 0 ? text : text[..(feed + 1)];
            output.Write(line);
            _atLineStart = feed >= 0 && (feed > 0 ? text[feed - 1] == '\r' : _afterReturn);
            _afterReturn = line[^1] == '\r';
            text = text[line.Length..];
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        output.Write(_atLineStart ? ".\r\n"u8 : _afterReturn ? "\n.\r\n"u8 : "\r\n.\r\n"u8);
        (_atLineStart, _afterReturn) = (true, false);
    }
}
