using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>
/// Integrity, and with a cipher confidentiality, of DIGEST-MD5 (RFC 2831 §2.3, §2.4). A packet is the data, padding for a block cipher and
/// ten bytes of a MAC, these encrypted; then a type and the packet's number in the clear.
/// </summary>
sealed class DigestLayer(DigestProtection protection, byte[] sessionKey, bool isClient, int longestData, int longestPacket)
    : SecurityLayer(protection.Ssf, longestData, longestPacket)
{
    const int MacSize = 10, TrailerSize = 6;
    const ushort PacketType = 1;

    readonly DigestDirection _out = new(protection, sessionKey, isFromClient: isClient), _in = new(protection, sessionKey, isFromClient: !isClient);

    protected override byte[] WrapPacket(ReadOnlySpan<byte> data)
    {
        var block = _out.Cipher?.BlockSize ?? 1;
        // RFC 2831 §2.4: one or more bytes of padding, each holding their number, before the MAC.
        var padding = block == 1 ? 0 : block - ((data.Length + MacSize) % block);
        var packet = new byte[data.Length + padding + MacSize + TrailerSize];
        data.CopyTo(packet);
        packet.AsSpan(data.Length, padding).Fill((byte)padding);
        Span<byte> mac = stackalloc byte[DigestDirection.FullMacSize];
        var number = _out.Sign(data, mac);
        mac[..MacSize].CopyTo(packet.AsSpan(data.Length + padding));
        _out.Cipher?.Encrypt(packet.AsSpan(0, packet.Length - TrailerSize));
        var trailer = packet.AsSpan(packet.Length - TrailerSize);
        BinaryPrimitives.WriteUInt16BigEndian(trailer, PacketType);
        BinaryPrimitives.WriteUInt32BigEndian(trailer[sizeof(ushort)..], number);
        return packet;
    }

    protected override bool TryUnwrapPacket(ReadOnlySpan<byte> packet, IBufferWriter<byte> output)
    {
        var sealedLength = packet.Length - TrailerSize;
        var block = _in.Cipher?.BlockSize ?? 1;
        if (sealedLength < MacSize || sealedLength % block != 0)
            return false;
        var trailer = packet[sealedLength..];
        if (BinaryPrimitives.ReadUInt16BigEndian(trailer) != PacketType)
            return false;
        var opened = packet[..sealedLength].ToArray();
        _in.Cipher?.Decrypt(opened);
        var padded = opened.AsSpan(0, sealedLength - MacSize);
        var isPadded = TryMeasurePadding(padded, block, out var padding);
        var data = padded[..^padding];
        Span<byte> mac = stackalloc byte[DigestDirection.FullMacSize];
        var number = _in.Sign(data, mac);
        if (!isPadded | BinaryPrimitives.ReadUInt32BigEndian(trailer[sizeof(ushort)..]) != number
            | !CryptographicOperations.FixedTimeEquals(mac[..MacSize], opened.AsSpan(padded.Length)))
            return false;
        output.Write(data);
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        _out.Dispose();
        _in.Dispose();
    }

    static bool TryMeasurePadding(ReadOnlySpan<byte> padded, int block, out int padding)
    {
        padding = 0;
        if (block == 1)
            return true;
        if (padded.IsEmpty || padded[^1] is 0 || padded[^1] > block || padded[^1] > padded.Length)
            return false;
        padding = padded[^1];
        return !padded[^padding..].ContainsAnyExcept((byte)padding);
    }
}
