using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Requests;

/// <summary>
/// Pinned buffers for requests, so that no copy of a password is left behind by the garbage collector. Small ones for almost everybody; one for a long
/// password or token only when its length has been announced.
/// </summary>
sealed class RequestBuffers(int longestPassword)
{
    const int MostKept = 64;

    static readonly int _small = RequestCodec.LongestRequest(longestPassword: RequestCodec.LongestField);

    readonly ConcurrentBag<byte[]> _kept = [];

    public int LongestPassword => longestPassword;

    public byte[] Rent() => _kept.TryTake(out var buffer) ? buffer : GC.AllocateArray<byte>(_small, pinned: true);

    /// <summary>A larger one with the same beginning, for a request that does not fit; null when none may be larger.</summary>
    public byte[]? Grow(byte[] buffer)
    {
        var longest = RequestCodec.LongestRequest(longestPassword: longestPassword);
        if (buffer.Length >= longest)
            return null;
        var larger = GC.AllocateArray<byte>(longest, pinned: true);
        buffer.CopyTo(larger, 0);
        Return(buffer);
        return larger;
    }

    /// <summary>Zeroes it.</summary>
    public void Return(byte[] buffer)
    {
        CryptographicOperations.ZeroMemory(buffer);
        if (buffer.Length == _small && _kept.Count < MostKept)
            _kept.Add(buffer);
    }
}
