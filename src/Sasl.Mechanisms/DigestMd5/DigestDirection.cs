using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>The keys of one direction, and how many packets went by.</summary>
sealed class DigestDirection : IDisposable
{
    /// <summary>Of which a packet carries ten bytes.</summary>
    public const int FullMacSize = HMACMD5.HashSizeInBytes;

    readonly IncrementalHash _mac;
    ulong _packets;

    /// <param name="protection">Which cipher, if any.</param>
    /// <param name="sessionKey">H(A1); not kept.</param>
    /// <param name="isFromClient">The direction.</param>
    public DigestDirection(DigestProtection protection, ReadOnlySpan<byte> sessionKey, bool isFromClient)
    {
        // RFC 2831 §2.3: Kic and Kis.
        var key = Derive(sessionKey, isFromClient
            ? "Digest session key to client-to-server signing key magic constant"u8
            : "Digest session key to server-to-client signing key magic constant"u8);
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, key);
        CryptographicOperations.ZeroMemory(key);
        if (protection.Cipher is not { } cipher)
            return;
        // RFC 2831 §2.4: Kcc and Kcs, of the first 5 or 7 bytes of H(A1) for the short keys.
        var length = cipher switch { "rc4-40" => 5, "rc4-56" => 7, _ => sessionKey.Length };
        key = Derive(sessionKey[..length], isFromClient
            ? "Digest H(A1) to client-to-server sealing key magic constant"u8
            : "Digest H(A1) to server-to-client sealing key magic constant"u8);
        Cipher = cipher switch
        {
            "des" => new DesCbc(key.AsSpan(0, DesCbc.KeySize), key.AsSpan(8)),
            "3des" => new DesCbc(key.AsSpan(0, 2 * DesCbc.KeySize), key.AsSpan(8)),
            _ => new Rc4(key),
        };
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Null for integrity only.</summary>
    public ILayerCipher? Cipher { get; }

    /// <summary>The MAC of the next packet's data, and its number.</summary>
    /// <exception cref="IOException">All numbers are used up: a packet from the beginning could come again.</exception>
    public uint Sign(ReadOnlySpan<byte> data, Span<byte> mac)
    {
        if (_packets > uint.MaxValue)
            throw new IOException("the security layer is used up");
        var number = (uint)_packets++;
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(prefix, number);
        _mac.AppendData(prefix);
        _mac.AppendData(data);
        _mac.GetHashAndReset(mac);
        return number;
    }

    public void Dispose()
    {
        _mac.Dispose();
        Cipher?.Dispose();
    }

    static byte[] Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> purpose)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(key);
        hash.AppendData(purpose);
        return hash.GetHashAndReset();
    }
}
