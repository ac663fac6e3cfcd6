using System.Buffers;
using System.Buffers.Binary;

namespace Sasl.Mechanisms;

/// <summary>What <see cref="SecurityLayer.Unwrap"/> found.</summary>
public enum UnwrapResult
{
    /// <summary>No whole packet yet: nothing was taken.</summary>
    NeedMore,

    /// <summary>One packet was taken and its data written.</summary>
    Data,

    /// <summary>A packet that is too long or was tampered with: the connection must be closed (RFC 4422 §3.7).</summary>
    Broken,
}

/// <summary>
/// Integrity or confidentiality of all that follows a success (RFC 4422 §3.7). On the wire each packet stands behind its length in four
/// bytes, the most significant first. One caller at a time in each direction.
/// </summary>
/// <param name="ssf">Strength in bits of key; 1 is integrity only.</param>
/// <param name="longestData">Most bytes of data in one packet to the peer, as follows from what it said it takes.</param>
/// <param name="longestPacket">Most bytes of one packet from the peer, without the length.</param>
public abstract class SecurityLayer(int ssf, int longestData, int longestPacket) : IDisposable
{
    const int LengthSize = 4;

    bool _isBroken;

    /// <summary>Strength in bits of key; 1 is integrity only.</summary>
    public int Ssf => ssf;

    /// <summary>Most bytes of data in one packet to the peer.</summary>
    public int LongestData => longestData;

    /// <summary>Writes data as one packet or several.</summary>
    public void Wrap(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        while (!data.IsEmpty)
        {
            var part = data[..Math.Min(data.Length, longestData)];
            data = data[part.Length..];
            var packet = WrapPacket(part);
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(LengthSize), packet.Length);
            output.Advance(LengthSize);
            output.Write(packet);
        }
    }

    /// <summary>Takes one packet off the input, if a whole one is there.</summary>
    public UnwrapResult Unwrap(ref ReadOnlySequence<byte> input, IBufferWriter<byte> output)
    {
        if (_isBroken)
            return UnwrapResult.Broken;
        if (input.Length < LengthSize)
            return UnwrapResult.NeedMore;
        Span<byte> prefix = stackalloc byte[LengthSize];
        input.Slice(0, LengthSize).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (length == 0 || length > longestPacket)
            return Break();
        if (input.Length - LengthSize < length)
            return UnwrapResult.NeedMore;
        var packet = input.Slice(LengthSize, length);
        var end = packet.End;
        if (!TryUnwrapPacket(packet.IsSingleSegment ? packet.FirstSpan : packet.ToArray(), output))
            return Break();
        input = input.Slice(end);
        return UnwrapResult.Data;
    }

    // What follows a broken packet cannot be trusted either.
    UnwrapResult Break()
    {
        _isBroken = true;
        return UnwrapResult.Broken;
    }

    /// <summary>One packet for at most <see cref="LongestData"/> bytes, without its length.</summary>
    protected abstract byte[] WrapPacket(ReadOnlySpan<byte> data);

    /// <summary>Checks one packet and writes its data; false when it is not what the peer sent, or not in its order.</summary>
    protected abstract bool TryUnwrapPacket(ReadOnlySpan<byte> packet, IBufferWriter<byte> output);

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    protected abstract void Dispose(bool disposing);
}
