namespace MailServers.Imap.Search;

/// <summary>Undoes a content transfer encoding (RFC 2045 §6) block by block, in place. What is no legal encoding is passed over.</summary>
abstract class TransferDecoder
{
    /// <summary>Null for 7bit, 8bit, binary and what nobody knows: the bytes are the text.</summary>
    public static TransferDecoder? For(string encoding) => encoding.ToUpperInvariant() switch
    {
        "BASE64" => new Base64(),
        "QUOTED-PRINTABLE" or "Q" => new QuotedPrintable(),
        _ => null,
    };

    /// <summary>Decodes the block into its own beginning and returns the new length.</summary>
    public abstract int Decode(Span<byte> block);

    sealed class Base64 : TransferDecoder
    {
        int _bits, _count;

        public override int Decode(Span<byte> block)
        {
            var length = 0;
            foreach (var b in block)
            {
                if (Digit(b) is not (>= 0 and var digit))
                    continue;
                (_bits, _count) = ((_bits << 6) | digit, _count + 6);
                if (_count < 8)
                    continue;
                _count -= 8;
                block[length++] = (byte)(_bits >> _count);
                _bits &= (1 << _count) - 1;
            }
            return length;
        }

        int Digit(byte b)
        {
            switch (b)
            {
                case >= (byte)'A' and <= (byte)'Z': return b - 'A';
                case >= (byte)'a' and <= (byte)'z': return b - 'a' + 26;
                case >= (byte)'0' and <= (byte)'9': return b - '0' + 52;
                case (byte)'+': return 62;
                case (byte)'/': return 63;
                case (byte)'=':
                    // Padding ends a group; another may follow where texts were joined.
                    (_bits, _count) = (0, 0);
                    return -1;
                default: return -1;
            }
        }
    }

    sealed class QuotedPrintable : TransferDecoder
    {
        int _held;
        byte _first;

        public override int Decode(Span<byte> block)
        {
            var length = 0;
            foreach (var b in block)
            {
                switch (_held)
                {
                    case 0 when b == '=':
                        _held = 1;
                        break;
                    case 0:
                        block[length++] = b;
                        break;
                    // "=" at a line's end joins the lines.
                    case 1:
                        (_first, _held) = (b, b == '\n' ? 0 : 2);
                        break;
                    default:
                        _held = 0;
                        if (char.IsAsciiHexDigit((char)_first) && char.IsAsciiHexDigit((char)b))
                            block[length++] = (byte)((Hex(_first) << 4) | Hex(b));
                        break;
                }
            }
            return length;
        }

        static int Hex(byte digit) => Convert.ToInt32(char.ToString((char)digit), 16);
    }
}
