using System.Buffers;

namespace MailServers.Pop3;

/// <summary>
/// A message's text as a multi-line response (RFC 1939 §3): a dot in front of every line that begins with one, and for TOP an end after
/// the header, the empty line and some lines of the body. Takes CRLF text cut anywhere.
/// </summary>
/// <param name="bodyLines">How many lines of the body; null for all.</param>
sealed class MultiLineText(IBufferWriter<byte> output, long? bodyLines)
{
    long _left = bodyLines ?? long.MaxValue;
    bool _inHeader = true, _atLineStart = true;
    int _lineLength;

    /// <summary>Bytes of text written, transparency dots not counted.</summary>
    public long Written { get; private set; }

    /// <summary>False when TOP has enough.</summary>
    public bool Write(ReadOnlySpan<byte> block)
    {
        while (!block.IsEmpty)
        {
            if (_atLineStart)
            {
                if (!_inHeader && _left == 0)
                    return false;
                if (block[0] == '.')
                    output.Write("."u8);
            }
            var feed = block.IndexOf((byte)'\n');
            var piece = feed < 0 ? block : block[..(feed + 1)];
            output.Write(piece);
            Written += piece.Length;
            _lineLength = Math.Min(_lineLength + piece.Length, 3);
            _atLineStart = feed >= 0;
            if (_atLineStart)
                EndLine();
            block = block[piece.Length..];
        }
        return _inHeader || _left > 0 || !_atLineStart;
    }

    /// <summary>Ends the response, on a line of its own whatever the text ended with.</summary>
    public void End() => output.Write(_atLineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);

    void EndLine()
    {
        if (!_inHeader)
            _left--;
        // CRLF alone: the header's end.
        else if (_lineLength == 2)
            _inHeader = false;
        _lineLength = 0;
    }
}
