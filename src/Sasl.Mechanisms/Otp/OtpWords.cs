using System.Buffers;
using System.Numerics;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>One-time passwords as people read and type them (RFC 2289 §6): six words, or sixteen hexadecimal digits.</summary>
public static class OtpWords
{
    const int Count = 6, BitsPerWord = 11, ChecksumBits = 2, HexDigits = 16;

    static readonly SearchValues<byte> _blanks = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Six words of the standard dictionary, in capitals: for a list on paper.</summary>
    /// <param name="password">As <see cref="OtpHash.Compute"/> gives it.</param>
    public static string Write(ulong password)
    {
        var bits = ((UInt128)password << ChecksumBits) | Checksum(password);
        var text = new StringBuilder();
        for (var i = Count - 1; i >= 0; i--)
            text.Append(Encoding.ASCII.GetString(OtpDictionary.Word((int)(bits >> (i * BitsPerWord)) & (OtpDictionary.Count - 1)))).Append(i == 0 ? "" : " ");
        return text.ToString();
    }

    /// <summary>
    /// Six words between blanks: all of the standard dictionary, in any case, or none of it. RFC 2289 appendix B: other words are then an
    /// alternative dictionary's, whichever it is, and stand for what they hash to; there case matters. The last two bits must be the checksum.
    /// </summary>
    /// <param name="text">ASCII, but for an alternative dictionary's words.</param>
    /// <param name="hash">The hash function of the sequence.</param>
    /// <param name="password">The first byte highest.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, OtpHash hash, out ulong password)
    {
        password = 0;
        UInt128 bits = 0;
        var isStandard = false;
        for (var i = 0; i < Count; i++)
        {
            text = TrimStart(text);
            var end = text.IndexOfAny(_blanks);
            var word = end < 0 ? text : text[..end];
            text = text[word.Length..];
            if (word.IsEmpty)
                return false;
            var number = OtpDictionary.Find(word);
            if (i > 0 && number >= 0 != isStandard)
                return false;
            isStandard = number >= 0;
            bits = (bits << BitsPerWord) | (uint)(isStandard ? number : hash.NumberOf(word));
        }
        password = (ulong)(bits >> ChecksumBits);
        return TrimStart(text).IsEmpty && (uint)(bits & 3) == Checksum(password);
    }

    /// <summary>Sixteen hexadecimal digits in any case, with blanks anywhere between them (RFC 2243 §3).</summary>
    internal static bool TryReadHex(ReadOnlySpan<byte> text, out ulong password)
    {
        password = 0;
        var digits = 0;
        foreach (var b in text)
        {
            if (_blanks.Contains(b))
                continue;
            if (!char.IsAsciiHexDigit((char)b) || ++digits > HexDigits)
                return false;
            password = (password << 4) | (uint)(b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10);
        }
        return digits == HexDigits;
    }

    static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOfAnyExcept(_blanks);
        return start < 0 ? default : text[start..];
    }

    // RFC 2289 §6: the sum of all pairs of bits, its lowest two bits.
    static uint Checksum(ulong password)
    {
        const ulong lowOfEachPair = 0x5555_5555_5555_5555;
        return (uint)(BitOperations.PopCount(password & lowOfEachPair) + (2 * BitOperations.PopCount(password & ~lowOfEachPair))) & 3;
    }
}
