using System.Buffers.Binary;

namespace Sasl.Mechanisms;

/// <summary>What MD4, MD5 and SHA-224 share: a message in blocks of 64 bytes, the last one or two padded with a bit, zeros and the length in bits.</summary>
static class PaddedBlocks
{
    public const int Size = 64;

    public delegate void Compress(Span<uint> state, ReadOnlySpan<byte> block);

    /// <param name="state">The chaining value; afterwards the hash.</param>
    /// <param name="before">Bytes that are in the chaining value already: whole blocks.</param>
    /// <param name="data">The rest of the message.</param>
    /// <param name="isBigEndian">How the length is written.</param>
    /// <param name="compress">The hash's block function.</param>
    public static void Run(Span<uint> state, int before, ReadOnlySpan<byte> data, bool isBigEndian, Compress compress)
    {
        var bits = (ulong)(before + data.Length) * 8;
        for (; data.Length >= Size; data = data[Size..])
            compress(state, data);
        Span<byte> tail = stackalloc byte[2 * Size];
        tail.Clear();
        data.CopyTo(tail);
        tail[data.Length] = 0x80;
        var end = data.Length + 1 + sizeof(ulong) <= Size ? Size : 2 * Size;
        if (isBigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(tail[(end - sizeof(ulong))..], bits);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(tail[(end - sizeof(ulong))..], bits);
        for (var at = 0; at < end; at += Size)
            compress(state, tail[at..]);
        // What is hashed may be a password.
        tail.Clear();
    }
}
