using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sasl.Credentials.Native;

namespace Sasl.Credentials.OAuth2;

enum KeyKind { Rsa, Ec, Ed25519, Shared }

/// <summary>A key that signatures are compared with. Not printed: one may be a shared secret.</summary>
/// <param name="Id">A name to compare with a token's; null for none.</param>
/// <param name="Algorithm">The only one that it may be used with; null for every one of its kind.</param>
sealed class VerificationKey(KeyKind kind, string? id, string? algorithm)
{
    public const string P256 = "P-256", P384 = "P-384", P521 = "P-521";

    const int LeastRsaBits = 2048, MostRsaBits = 8192, LeastSharedBytes = 32, Ed25519Bytes = 32;

    public KeyKind Kind => kind;

    public string? Id => id;

    public string? Algorithm => algorithm;

    /// <summary>Whose tokens it is for ("azp"); null: everybody's.</summary>
    public string? Party { get; init; }

    public string Curve { get; private init; } = "";

    public RSAParameters Rsa { get; private init; }

    public ECParameters Ec { get; private init; }

    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Null for a key of another use or kind, and for one that is too short or damaged: the others of a set are good all the same (RFC 7517 §5).</summary>
    public static VerificationKey? OfJson(TokenClaims jwk)
    {
        // RFC 7517 §4.2 and §4.3.
        if (jwk.Text("use") is { } use && use != "sig" || (jwk.Has("key_ops") && !jwk.List("key_ops").Contains("verify")))
            return null;
        var (id, algorithm) = (jwk.Text("kid"), jwk.Text("alg"));
        return jwk.Text("kty") switch
        {
            "RSA" => Number(jwk, "n") is { } n && Number(jwk, "e") is { } e ? OfRsa(new() { Modulus = n, Exponent = e }, id, algorithm) : null,
            "EC" => Number(jwk, "x") is { } x && Number(jwk, "y") is { } y ? OfEc(jwk.Text("crv") ?? "", x, y, id, algorithm) : null,
            // RFC 8037 §2.
            "OKP" => jwk.Text("crv") == "Ed25519" && Number(jwk, "x") is { } x ? OfEdwards(x, id, algorithm) : null,
            // "oct" in what everybody may read is no secret.
            _ => null,
        };
    }

    /// <summary>A public key or certificate in PEM, or a shared secret in base64 for an algorithm that has one.</summary>
    /// <exception cref="FormatException">It is none, or none for that algorithm.</exception>
    public static VerificationKey OfText(string text, string id, JwtAlgorithm algorithm, string party)
    {
        try
        {
            var isPem = text.Contains("-----BEGIN ", StringComparison.Ordinal);
            // The text of a public key would be a secret that everybody knows.
            if (isPem == (algorithm.Kind == KeyKind.Shared))
                throw new FormatException($"no key for {algorithm.Name}");
            var key = isPem ? OfPublic(PublicOf(text), id, algorithm.Name, party) : OfShared(Convert.FromBase64String(text.Trim()), id, algorithm.Name, party);
            return key is not null && algorithm.Fits(key) ? key : throw new FormatException($"no key for {algorithm.Name}, or too short a one");
        }
        catch (Exception damaged) when (damaged is CryptographicException or AsnContentException or ArgumentException)
        {
            throw new FormatException("no public key in PEM", damaged);
        }
    }

    static byte[] PublicOf(string pem)
    {
        var at = PemEncoding.Find(pem);
        if (pem[at.Label] != "CERTIFICATE")
            return pem[at.Label] == "PUBLIC KEY" ? Convert.FromBase64String(pem[at.Base64Data]) : throw new FormatException($"a {pem[at.Label]} where a PUBLIC KEY or a CERTIFICATE belongs");
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(pem[at.Base64Data]));
        return certificate.PublicKey.ExportSubjectPublicKeyInfo();
    }

    /// <summary>By the algorithm that a SubjectPublicKeyInfo names.</summary>
    static VerificationKey? OfPublic(byte[] info, string id, string algorithm, string party)
    {
        var content = new AsnReader(info, AsnEncodingRules.DER).ReadSequence();
        switch (content.ReadSequence().ReadObjectIdentifier())
        {
            case "1.2.840.113549.1.1.1":
                using (var rsa = RSA.Create())
                {
                    rsa.ImportSubjectPublicKeyInfo(info, out _);
                    return OfRsa(rsa.ExportParameters(false), id, algorithm, party);
                }
            case "1.2.840.10045.2.1":
                using (var ec = ECDsa.Create())
                {
                    ec.ImportSubjectPublicKeyInfo(info, out _);
                    var point = ec.ExportParameters(false);
                    var curve = point.Q.X!.Length switch { 32 => P256, 48 => P384, 66 => P521, _ => "" };
                    return point.Curve.Oid.Value == CurveOf(curve)?.Oid.Value ? OfEc(curve, point.Q.X!, point.Q.Y!, id, algorithm, party) : null;
                }
            case "1.3.101.112":
                return OfEdwards(content.ReadBitString(out _), id, algorithm, party);
            default:
                return null;
        }
    }

    static VerificationKey? OfShared(byte[] secret, string id, string algorithm, string party) =>
        secret.Length < LeastSharedBytes ? null : new(KeyKind.Shared, id, algorithm) { Bytes = secret, Party = party };

    static VerificationKey? OfEdwards(byte[] point, string? id, string? algorithm, string? party = null) =>
        point.Length == Ed25519Bytes && Ed25519.IsAvailable ? new(KeyKind.Ed25519, id, algorithm) { Bytes = point, Party = party } : null;

    static VerificationKey? OfRsa(RSAParameters numbers, string? id, string? algorithm, string? party = null)
    {
        // RFC 7518 §3.3, and what a verification may cost.
        var modulus = numbers.Modulus!.AsSpan().TrimStart((byte)0);
        var exponent = numbers.Exponent!.AsSpan().TrimStart((byte)0);
        // With 1 every signature is its own proof.
        if (modulus.Length * 8 is < LeastRsaBits or > MostRsaBits || (modulus[^1] & 1) == 0 || exponent.Length is 0 or > 4 || exponent is [1] || (exponent[^1] & 1) == 0)
            return null;
        return new(KeyKind.Rsa, id, algorithm) { Rsa = new() { Modulus = modulus.ToArray(), Exponent = numbers.Exponent }, Party = party };
    }

    static VerificationKey? OfEc(string name, byte[] x, byte[] y, string? id, string? algorithm, string? party = null)
    {
        if (CurveOf(name) is not { } curve)
            return null;
        var parameters = new ECParameters { Curve = curve, Q = new() { X = x, Y = y } };
        try
        {
            // A point that is not on the curve is refused here, once.
            using var probe = ECDsa.Create(parameters);
        }
        catch (CryptographicException)
        {
            return null;
        }
        return new(KeyKind.Ec, id, algorithm) { Ec = parameters, Curve = name, Party = party };
    }

    static ECCurve? CurveOf(string name) => name switch
    {
        P256 => ECCurve.NamedCurves.nistP256, P384 => ECCurve.NamedCurves.nistP384, P521 => ECCurve.NamedCurves.nistP521, _ => null,
    };

    static byte[]? Number(TokenClaims jwk, string name)
    {
        try
        {
            return jwk.Element(name) is { ValueKind: System.Text.Json.JsonValueKind.String } value && value.GetString() is { Length: > 0 and <= 4096 } text
                ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (Exception damaged) when (damaged is FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
