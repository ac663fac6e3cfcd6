using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>DES, or with two keys triple DES (encrypt, decrypt, encrypt; the first key again at the end), in cipher block chaining that goes on from packet to packet.</summary>
sealed class DesCbc : ILayerCipher
{
    /// <summary>Bytes of key for one DES: 56 bits without parity.</summary>
    public const int KeySize = 7;

    readonly Des[] _keys;
    ulong _chain;

    /// <param name="key">7 bytes, or 14 for triple DES.</param>
    /// <param name="iv">8 bytes.</param>
    public DesCbc(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        _keys = new Des[key.Length / KeySize];
        for (var i = 0; i < _keys.Length; i++)
            _keys[i] = new(Spread(key.Slice(i * KeySize, KeySize)));
        _chain = BinaryPrimitives.ReadUInt64BigEndian(iv);
    }

    public int BlockSize => sizeof(ulong);

    public void Encrypt(Span<byte> data)
    {
        for (; !data.IsEmpty; data = data[sizeof(ulong)..])
        {
            var block = _keys[0].Encrypt(_chain ^ BinaryPrimitives.ReadUInt64BigEndian(data));
            _chain = _keys.Length == 1 ? block : _keys[0].Encrypt(_keys[1].Decrypt(block));
            BinaryPrimitives.WriteUInt64BigEndian(data, _chain);
        }
    }

    public void Decrypt(Span<byte> data)
    {
        for (; !data.IsEmpty; data = data[sizeof(ulong)..])
        {
            var block = BinaryPrimitives.ReadUInt64BigEndian(data);
            var plain = _keys[0].Decrypt(block);
            if (_keys.Length > 1)
                plain = _keys[0].Decrypt(_keys[1].Encrypt(plain));
            BinaryPrimitives.WriteUInt64BigEndian(data, plain ^ _chain);
            _chain = block;
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }

    // Seven bits to a byte; the eighth is parity, which DES does not look at.
    static ulong Spread(ReadOnlySpan<byte> key)
    {
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        whole.Clear();
        key.CopyTo(whole[1..]);
        var bits = BinaryPrimitives.ReadUInt64BigEndian(whole);
        CryptographicOperations.ZeroMemory(whole);
        var spread = 0UL;
        for (var i = 0; i < sizeof(ulong); i++)
            spread |= (bits >> (7 * i) & 0x7f) << ((8 * i) + 1);
        return spread;
    }
}
