using System.Buffers;

namespace MailServers.Queue.SmtpClient;

/// <summary>
/// Doubles dots at the beginning of lines and ends the text with CRLF.CRLF, however the text is cut (RFC 5321 §4.5.2). A CR or LF that stands alone
/// becomes a blank: another server might take it for a line end, and "CR . CR" for the end of the text (CVE-2023-51764, outbound).
/// </summary>
sealed class DotStuffer
{
    bool _atLineStart = true, _afterReturn;

    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            if (_afterReturn)
            {
                _afterReturn = false;
                _atLineStart = text[0] == '\n';
                output.Write(_atLineStart ? "\r\n"u8 : " "u8);
                text = _atLineStart ? text[1..] : text;
                continue;
            }
            if (_atLineStart && text[0] == '.')
                output.Write("."u8);
            var end = text.IndexOfAny((byte)'\r', (byte)'\n');
            var run = end < 0 ? text : text[..end];
            output.Write(run);
            _atLineStart &= run.IsEmpty;
            if (end < 0)
                return;
            _afterReturn = text[end] == '\r';
            if (!_afterReturn)
            {
                output.Write(" "u8);
                _atLineStart = false;
            }
            text = text[(end + 1)..];
        }
    }

    public void End(IBufferWriter<byte> output)
    {
        if (_afterReturn)
            output.Write(" "u8);
        output.Write(_atLineStart && !_afterReturn ? ".\r\n"u8 : "\r\n.\r\n"u8);
        (_atLineStart, _afterReturn) = (true, false);
    }
}
