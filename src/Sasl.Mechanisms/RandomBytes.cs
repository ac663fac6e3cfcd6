using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>The system's random bytes, fetched for many nonces at a time: asking for a few costs as much as for a thousand.</summary>
static class RandomBytes
{
    const int Stock = 1024;

    [ThreadStatic]
    static byte[]? _stock;

    [ThreadStatic]
    static int _left;

    public static void Fill(Span<byte> bytes)
    {
        if (bytes.Length > Stock)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }
        if (_left < bytes.Length)
        {
            RandomNumberGenerator.Fill(_stock ??= new byte[Stock]);
            _left = Stock;
        }
        // What is given out is nowhere else any more.
        var given = _stock.AsSpan(_left - bytes.Length, bytes.Length);
        given.CopyTo(bytes);
        given.Clear();
        _left -= bytes.Length;
    }
}
