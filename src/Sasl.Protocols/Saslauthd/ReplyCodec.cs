using System.Buffers.Binary;
using System.Text;

namespace Sasl.Protocols.Saslauthd;

/// <summary>The reply: a 16-bit big-endian length and a text that begins with OK or NO. No NUL on the wire, whatever old comments say.</summary>
public static class ReplyCodec
{
    /// <summary>The longest text that libsasl reads.</summary>
    public const int LongestText = 1023;

    public static byte[] Encode(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var length = Math.Min(body.Length, LongestText);
        var bytes = new byte[2 + length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)length);
        body.AsSpan(0, length).CopyTo(bytes.AsSpan(2));
        return bytes;
    }

    /// <summary>How many bytes follow the length, at most what is read; null when it is no reply (shorter than "OK").</summary>
    public static int? BodyLength(ReadOnlySpan<byte> size)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(size);
        return length < 2 ? null : Math.Min((int)length, LongestText);
    }

    /// <summary>Clients look at the first two bytes; the text after them is for the log.</summary>
    public static (bool Ok, string Text) Parse(ReadOnlySpan<byte> body)
    {
        var ok = body.StartsWith("OK"u8);
        return (ok, body.Length > 3 ? Encoding.UTF8.GetString(body[3..]) : "");
    }
}
