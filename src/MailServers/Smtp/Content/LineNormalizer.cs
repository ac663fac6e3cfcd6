using System.Buffers;

namespace MailServers.Smtp.Content;

/// <summary>
/// Text of BDAT (RFC 3030) made CRLF text, cut anywhere: a bare LF becomes CRLF as in DATA, so that what follows sees one kind of line.
/// </summary>
sealed class LineNormalizer
{
    bool _afterCarriageReturn;

    /// <summary>The last byte was a line end; a message that ends without one gets it.</summary>
    public bool AtLineStart { get; private set; } = true;

    public void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var feed = text.IndexOf((byte)'\n');
            var line = feed < 0 ? text : text[..feed];
            output.Write(line);
            if (!line.IsEmpty)
            {
                _afterCarriageReturn = line[^1] == '\r';
                AtLineStart = false;
            }
            if (feed < 0)
                return;
            output.Write(_afterCarriageReturn ? "\n"u8 : "\r\n"u8);
            (_afterCarriageReturn, AtLineStart) = (false, true);
            text = text[(feed + 1)..];
        }
    }
}
