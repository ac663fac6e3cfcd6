using System.Collections.Frozen;
using System.Security.Cryptography;
using Sasl.Credentials.Native;

namespace Sasl.Credentials.OAuth2;

/// <summary>Compares a signature; false for one that is wrong, and for a key that cannot be used.</summary>
delegate bool JwtVerify(VerificationKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

/// <summary>
/// The algorithms that are believed (RFC 7518 §3.1, RFC 8037 §3.1), each for one kind of key: so no public key is ever taken for the secret of an HMAC,
/// and "none" is no algorithm.
/// </summary>
/// <param name="Curve">The only curve of ECDSA that goes with it, "" otherwise.</param>
sealed record JwtAlgorithm(string Name, KeyKind Kind, string Curve, JwtVerify Verify)
{
    static readonly FrozenDictionary<string, JwtAlgorithm> _table = new[]
    {
        Rsa("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        Rsa("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        Rsa("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        Rsa("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        Rsa("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        Rsa("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        Curved("ES256", VerificationKey.P256, HashAlgorithmName.SHA256),
        Curved("ES384", VerificationKey.P384, HashAlgorithmName.SHA384),
        Curved("ES512", VerificationKey.P521, HashAlgorithmName.SHA512),
        Edwards("EdDSA"),
        // Its name since RFC 9864.
        Edwards("Ed25519"),
        Shared("HS256", HMACSHA256.HashData, HMACSHA256.HashSizeInBytes),
        Shared("HS384", HMACSHA384.HashData, HMACSHA384.HashSizeInBytes),
        Shared("HS512", HMACSHA512.HashData, HMACSHA512.HashSizeInBytes),
    }.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    delegate int Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> mac);

    public static JwtAlgorithm? Find(string name) => _table.GetValueOrDefault(name);

    public bool Fits(VerificationKey key) => key.Kind == Kind && key.Curve == Curve && (key.Algorithm is null || key.Algorithm == Name);

    public bool IsRight(VerificationKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            return Verify(key, data, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    static JwtAlgorithm Rsa(string name, HashAlgorithmName hash, RSASignaturePadding padding) => new(name, KeyKind.Rsa, "", (key, data, signature) =>
    {
        // A key object is not for several threads.
        using var rsa = RSA.Create(key.Rsa);
        return rsa.VerifyData(data, signature, hash, padding);
    });

    static JwtAlgorithm Curved(string name, string curve, HashAlgorithmName hash) => new(name, KeyKind.Ec, curve, (key, data, signature) =>
    {
        using var ecdsa = ECDsa.Create(key.Ec);
        // RFC 7518 §3.4: both numbers side by side.
        return ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    });

    static JwtAlgorithm Edwards(string name) => new(name, KeyKind.Ed25519, "", (key, data, signature) => Ed25519.Verify(key.Bytes.Span, data, signature));

    static JwtAlgorithm Shared(string name, Hmac hmac, int size) => new(name, KeyKind.Shared, "", (key, data, signature) =>
    {
        Span<byte> mac = stackalloc byte[size];
        hmac(key.Bytes.Span, data, mac);
        return CryptographicOperations.FixedTimeEquals(mac, signature);
    });
}
