using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Testing;

/// <summary>Makes tokens, good ones and others, and publishes its keys.</summary>
public sealed class TokenIssuer
{
    public const string Name = "https://issuer.example/realm";

    readonly RSA _rsa = RSA.Create(2048);
    readonly ECDsa _p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256), _p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384), _p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);

    /// <summary>In front of each key's name.</summary>
    public string Prefix { get; init; } = "k-";

    public string RsaPem => _rsa.ExportSubjectPublicKeyInfoPem();

    public string EcPem => _p256.ExportSubjectPublicKeyInfoPem();

    /// <summary>The JWK Set; the name of a key is the prefix and "rsa", "p256", "p384", "p521".</summary>
    public string Jwks(string more = "")
    {
        var rsa = _rsa.ExportParameters(false);
        var ec = new[] { ("p256", "P-256", _p256), ("p384", "P-384", _p384), ("p521", "P-521", _p521) }.Select(k =>
        {
            var q = k.Item3.ExportParameters(false).Q;
            return $$"""{"kty":"EC","use":"sig","kid":"{{Prefix}}{{k.Item1}}","crv":"{{k.Item2}}","x":"{{Text(q.X)}}","y":"{{Text(q.Y)}}"}""";
        });
        return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"{{Prefix}}rsa","n":"{{Text(rsa.Modulus)}}","e":"{{Text(rsa.Exponent)}}"},{{string.Join(',', ec)}}{{more}}]}""";
    }

    /// <summary>The claims of a token for alice that is good now, with changes: "name":value, null to leave it out.</summary>
    public static string Claims(DateTimeOffset now, params (string Name, string? Json)[] changes)
    {
        var claims = new Dictionary<string, string?>
        {
            ["iss"] = $"\"{Name}\"", ["aud"] = "\"mail\"", ["email"] = "\"alice@example.org\"", ["scope"] = "\"openid mail\"",
            ["iat"] = $"{now.ToUnixTimeSeconds() - 10}", ["exp"] = $"{now.ToUnixTimeSeconds() + 300}",
        };
        foreach (var (name, json) in changes)
            claims[name] = json;
        return $"{{{string.Join(',', claims.Where(c => c.Value is not null).Select(c => $"\"{c.Key}\":{c.Value}"))}}}";
    }

    /// <param name="header">More members of the header, each with a comma in front.</param>
    public string Sign(string algorithm, string claims, string? header = null, byte[]? secret = null)
    {
        var key = algorithm switch { "ES256" => "p256", "ES384" => "p384", "ES512" => "p521", _ => "rsa" };
        var signed = $"{Text(Encoding.UTF8.GetBytes($"{{\"alg\":\"{algorithm}\"{header ?? $",\"typ\":\"JWT\",\"kid\":\"{Prefix}{key}\""}}}"))}.{Text(Encoding.UTF8.GetBytes(claims))}";
        var data = Encoding.ASCII.GetBytes(signed);
        var hash = algorithm[^3..] switch { "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        var signature = algorithm[..2] switch
        {
            "RS" => _rsa.SignData(data, hash, RSASignaturePadding.Pkcs1),
            "PS" => _rsa.SignData(data, hash, RSASignaturePadding.Pss),
            "ES" => (key == "p256" ? _p256 : key == "p384" ? _p384 : _p521).SignData(data, hash),
            "HS" => algorithm == "HS384" ? HMACSHA384.HashData(secret!, data) : algorithm == "HS512" ? HMACSHA512.HashData(secret!, data) : HMACSHA256.HashData(secret!, data),
            _ => [],
        };
        return $"{signed}.{Text(signature)}";
    }

    public static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
