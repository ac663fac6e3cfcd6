using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>The hash function of a SCRAM mechanism: its name on the wire and what SCRAM does with it (RFC 5802 §2.2).</summary>
public sealed class ScramHash
{
    delegate void OneShot(ReadOnlySpan<byte> data, Span<byte> hash);

    delegate void Keyed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> hash);

    readonly OneShot _hash;
    readonly Keyed _hmac;
    readonly HashAlgorithmName? _platform;

    ScramHash(string name, SecretKind kind, int size, HashAlgorithmName? platform, OneShot hash, Keyed hmac) =>
        (MechanismName, Kind, Size, _platform, _hash, _hmac) = (name, kind, size, platform, hash, hmac);

    /// <summary>SHA-1 (RFC 5802).</summary>
    public static ScramHash Sha1 { get; } = new("SCRAM-SHA-1", SecretKind.ScramSha1, SHA1.HashSizeInBytes, HashAlgorithmName.SHA1,
        static (d, h) => SHA1.HashData(d, h), static (k, d, h) => HMACSHA1.HashData(k, d, h));

    /// <summary>SHA-224: no RFC has it; Cyrus speaks it.</summary>
    public static ScramHash Sha224 { get; } = new("SCRAM-SHA-224", SecretKind.ScramSha224, Mechanisms.Sha224.HashSize, null,
        static (d, h) => Mechanisms.Sha224.Hash(d, h), static (k, d, h) => Mechanisms.Sha224.Hmac(k, d, h));

    /// <summary>SHA-256 (RFC 7677).</summary>
    public static ScramHash Sha256 { get; } = new("SCRAM-SHA-256", SecretKind.ScramSha256, SHA256.HashSizeInBytes, HashAlgorithmName.SHA256,
        static (d, h) => SHA256.HashData(d, h), static (k, d, h) => HMACSHA256.HashData(k, d, h));

    /// <summary>SHA-384: no RFC has it; Cyrus speaks it.</summary>
    public static ScramHash Sha384 { get; } = new("SCRAM-SHA-384", SecretKind.ScramSha384, SHA384.HashSizeInBytes, HashAlgorithmName.SHA384,
        static (d, h) => SHA384.HashData(d, h), static (k, d, h) => HMACSHA384.HashData(k, d, h));

    /// <summary>SHA-512 (draft-melnikov-scram-sha-512).</summary>
    public static ScramHash Sha512 { get; } = new("SCRAM-SHA-512", SecretKind.ScramSha512, SHA512.HashSizeInBytes, HashAlgorithmName.SHA512,
        static (d, h) => SHA512.HashData(d, h), static (k, d, h) => HMACSHA512.HashData(k, d, h));

    /// <summary>All of them, the strongest first.</summary>
    public static IReadOnlyList<ScramHash> All { get; } = [Sha512, Sha384, Sha256, Sha224, Sha1];

    /// <summary>"SCRAM-SHA-256" and so on: also the scheme's name in stored secrets.</summary>
    public string MechanismName { get; }

    /// <summary>The kind of secret that goes with it.</summary>
    public SecretKind Kind { get; }

    /// <summary>Bytes of a hash and of each key.</summary>
    public int Size { get; }

    /// <summary>By a mechanism's or scheme's name, in any case, with or without -PLUS; null for another.</summary>
    public static ScramHash? Of(string mechanismName) =>
        All.FirstOrDefault(h => h.MechanismName.Equals(mechanismName.EndsWith("-PLUS", StringComparison.OrdinalIgnoreCase) ? mechanismName[..^5] : mechanismName,
            StringComparison.OrdinalIgnoreCase));

    internal static ScramHash? Of(SecretKind kind) => All.FirstOrDefault(h => h.Kind == kind);

    internal void Hash(ReadOnlySpan<byte> data, Span<byte> hash) => _hash(data, hash);

    internal void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac) => _hmac(key, data, mac);

    // RFC 5802 §2.2: Hi() is PBKDF2 with HMAC and an output of one hash.
    internal byte[] Hi(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        if (_platform is { } name)
            return Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, name, Size);
        var result = new byte[Size];
        Span<byte> u = stackalloc byte[Size];
        _hmac(password, [.. salt, 0, 0, 0, 1], u);
        u.CopyTo(result);
        for (var i = 1; i < iterations; i++)
        {
            _hmac(password, u, u);
            for (var j = 0; j < result.Length; j++)
                result[j] ^= u[j];
        }
        CryptographicOperations.ZeroMemory(u);
        return result;
    }
}
