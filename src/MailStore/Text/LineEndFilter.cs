namespace MailStore.Text;

/// <summary>
/// Turns CRLF text, cut anywhere, into the LF text of a Unix file so that <see cref="CrlfStream"/> gives back the same bytes.
/// A CR goes only where it stands alone before the LF: CR CR LF stays whole, since a CRLF in a file is handed out as it is.
/// </summary>
sealed class LineEndFilter
{
    enum State { Text, HeldCr, AfterCr }

    State _state;

    /// <summary>Bytes that went out.</summary>
    public long Written { get; private set; }

    /// <summary>Bytes that will be read back.</summary>
    public long CrlfSize { get; private set; }

    /// <summary>Filters a piece; the output needs room for one byte more than the input.</summary>
    public int Filter(ReadOnlySpan<byte> text, Span<byte> output)
    {
        var count = 0;
        while (text.Length > 0)
        {
            if (_state == State.Text)
            {
                var plain = text.IndexOfAny((byte)'\r', (byte)'\n');
                if (plain < 0)
                    plain = text.Length;
                text[..plain].CopyTo(output[count..]);
                count += plain;
                text = text[plain..];
                if (text.Length == 0)
                    break;
            }
            var next = text[0];
            text = text[1..];
            switch (_state, next)
            {
                case (State.Text, (byte)'\r'):
                    _state = State.HeldCr;
                    break;
                case (State.Text or State.HeldCr, (byte)'\n'):
                    output[count++] = next;
                    CrlfSize++;
                    _state = State.Text;
                    break;
                case (State.HeldCr, _):
                    output[count++] = (byte)'\r';
                    output[count++] = next;
                    _state = next == '\r' ? State.AfterCr : State.Text;
                    break;
                default:
                    output[count++] = next;
                    _state = next == '\r' ? State.AfterCr : State.Text;
                    break;
            }
        }
        Written += count;
        CrlfSize += count;
        return count;
    }

    /// <summary>What is still held at the end of the text.</summary>
    public ReadOnlySpan<byte> End()
    {
        if (_state != State.HeldCr)
            return [];
        _state = State.AfterCr;
        Written++;
        CrlfSize++;
        return "\r"u8;
    }
}
