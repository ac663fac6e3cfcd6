using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>RC4: one stream for a direction's whole life. The platform has none.</summary>
sealed class Rc4 : ILayerCipher
{
    readonly byte[] _state = new byte[256];
    byte _i, _j;

    /// <param name="key">1–256 bytes; not kept.</param>
    public Rc4(ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < _state.Length; i++)
            _state[i] = (byte)i;
        byte j = 0;
        for (var i = 0; i < _state.Length; i++)
        {
            j += (byte)(_state[i] + key[i % key.Length]);
            (_state[i], _state[j]) = (_state[j], _state[i]);
        }
    }

    public int BlockSize => 1;

    public void Encrypt(Span<byte> data)
    {
        foreach (ref var b in data)
        {
            var a = _state[++_i];
            _j += a;
            var c = _state[_j];
            (_state[_i], _state[_j]) = (c, a);
            b ^= _state[(byte)(a + c)];
        }
    }

    public void Decrypt(Span<byte> data) => Encrypt(data);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_state);
        _i = _j = 0;
    }
}
