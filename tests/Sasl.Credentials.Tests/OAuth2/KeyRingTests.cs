using System.Diagnostics;
using System.Text;
using Sasl.Credentials.Native;
using Sasl.Credentials.OAuth2;
using Testing;

namespace Sasl.Credentials.Tests.OAuth2;

public sealed class KeyRingTests
{
    static readonly TokenIssuer _issuer = new();

    static KeyRing Ring(string json) => KeyRing.OfJson(Encoding.UTF8.GetBytes(json));

    static VerificationKey? Find(KeyRing ring, string algorithm, string? id, string? party = null) => ring.Find(JwtAlgorithm.Find(algorithm)!, id, party);

    [Theory]
    [InlineData("RS256"), InlineData("RS384"), InlineData("RS512"), InlineData("PS256"), InlineData("PS384"), InlineData("PS512"), InlineData("ES256"), InlineData("ES384"), InlineData("ES512")]
    public void Every_algorithm_verifies_its_signatures_and_no_others(string algorithm)
    {
        var jwt = Jwt.TryRead(Encoding.ASCII.GetBytes(_issuer.Sign(algorithm, "{}")), out _)!;
        var key = Find(Ring(_issuer.Jwks()), algorithm, jwt.KeyId)!;
        var (rule, signature) = (JwtAlgorithm.Find(algorithm)!, jwt.Signature.ToArray());
        Assert.True(rule.IsRight(key, jwt.Signed.Span, signature));
        signature[^1] ^= 1;
        Assert.False(rule.IsRight(key, jwt.Signed.Span, signature));
        Assert.False(rule.IsRight(key, jwt.Signed.Span[1..], jwt.Signature.Span));
        Assert.False(rule.IsRight(key, jwt.Signed.Span, []));
        Assert.False(rule.IsRight(key, jwt.Signed.Span, new byte[jwt.Signature.Length]));
    }

    [Fact]
    public void Ed25519_by_the_vectors_of_the_RFC()
    {
        // RFC 8037 appendix A.4 and A.5.
        var key = Find(Ring("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"""), "EdDSA", null)!;
        var signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"u8;
        var signature = System.Buffers.Text.Base64Url.DecodeFromChars("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        Assert.True(JwtAlgorithm.Find("EdDSA")!.IsRight(key, signed, signature));
        Assert.True(JwtAlgorithm.Find("Ed25519")!.Fits(key));
        signature[0] ^= 1;
        Assert.False(Ed25519.Verify(key.Bytes.Span, signed, signature));
        Assert.False(Ed25519.Verify(key.Bytes.Span, signed, signature.AsSpan(1)));
        Assert.False(Ed25519.Verify(new byte[31], signed, signature));
    }

    [Theory]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"%N\",\"e\":\"AQ\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"%N\",\"e\":\"AA\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"%N\"}")]
    [InlineData("{\"kty\":\"RSA\",\"use\":\"enc\",\"n\":\"%N\",\"e\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"RSA\",\"key_ops\":[\"encrypt\"],\"n\":\"%N\",\"e\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"RSA\",\"alg\":\"RSA-OAEP\",\"n\":\"%N\",\"e\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":7,\"e\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AQAB\",\"y\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{}")]
    [InlineData("7")]
    public void A_key_that_is_of_no_use_is_passed_over_and_the_others_stay(string key)
    {
        var modulus = _issuer.Jwks().Split("\"n\":\"")[1].Split('"')[0];
        var ring = Ring(_issuer.Jwks(", " + key.Replace("%N", modulus)));
        Assert.Equal(4, ring.Keys.Count(k => k.Id is not null));
        Assert.DoesNotContain(ring.Keys, k => k.Kind == KeyKind.Shared);
        foreach (var algorithm in new[] { "RS256", "ES256", "EdDSA", "HS256" })
            Assert.Equal(algorithm is "RS256" or "ES256", Find(ring, algorithm, null) is not null);
    }

    [Fact]
    public void A_key_is_found_by_its_name_and_never_by_trying()
    {
        var ring = Ring(_issuer.Jwks());
        Assert.NotNull(Find(ring, "RS256", "k-rsa"));
        Assert.Null(Find(ring, "RS256", "K-RSA"));
        Assert.Null(Find(ring, "RS256", "k-p256"));
        Assert.Null(Find(ring, "RS256", ""));
        Assert.NotNull(Find(ring, "RS256", null));
        var other = new TokenIssuer { Prefix = "k-" }.Jwks();
        var both = Ring($"{_issuer.Jwks()[..^2]},{other["{\"keys\":[".Length..]}");
        Assert.Null(Find(both, "RS256", null));
        Assert.Null(Find(both, "RS256", "k-rsa"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("{\"keys\":[")]
    public void What_is_no_set_is_told(string json) => Assert.Throws<FormatException>(() => Ring(json));

    [Fact]
    public void Sets_have_bounds()
    {
        Assert.Throws<FormatException>(() => Ring($"{{\"keys\":[],\"x\":\"{new string('x', KeyRing.LongestSet)}\"}}"));
        Assert.Throws<FormatException>(() => Ring($"{{\"keys\":[{string.Join(',', Enumerable.Repeat("{}", KeyRing.MostKeys + 1))}]}}"));
        Assert.Empty(Ring($"{{\"keys\":[{string.Join(',', Enumerable.Repeat("{}", KeyRing.MostKeys))}]}}").Keys);
    }

    [Fact]
    public void Keys_of_a_directory_are_those_of_their_party_algorithm_and_name()
    {
        using var directory = new TemporaryDirectory();
        void Put(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(directory[path])!);
            File.WriteAllText(directory[path], text);
        }
        Put("default/RS256/default", _issuer.RsaPem);
        Put("mail-client/ES256/k%2f1%25", _issuer.EcPem);
        Put("default/HS256/shared", Convert.ToBase64String(new byte[32]) + "\n");
        Put("default/HS256/short", "c2hvcnQ=");
        Put("default/HS256/public", _issuer.RsaPem);
        Put("default/RS512/shared", Convert.ToBase64String(new byte[32]));
        Put("default/RS384/curve", _issuer.EcPem);
        Put("default/RS384/certificate", TestCertificates.Authority);
        Put("default/ES256/certificate", TestCertificates.Authority);
        Put("default/none/x", "");
        Put("default/ES256/damaged", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        Put("default/ES256/private", TestCertificates.Server.Key);
        var problems = new List<string>();
        var ring = KeyFiles.OfDirectory(directory.Path, problems.Add);
        Assert.NotNull(Find(ring, "RS256", null));
        Assert.NotNull(Find(ring, "RS256", "default", "default"));
        Assert.Null(Find(ring, "RS256", null, "mail-client"));
        Assert.NotNull(Find(ring, "ES256", "k/1%", "mail-client"));
        Assert.Null(Find(ring, "ES256", "k%2f1%25", "mail-client"));
        Assert.NotNull(Find(ring, "HS256", "shared"));
        Assert.NotNull(Find(ring, "ES256", "certificate"));
        Assert.Equal(4, ring.Keys.Count);
        Assert.Equal(["ES256/damaged", "ES256/private", "HS256/public", "HS256/short", "RS384/certificate", "RS384/curve", "RS512/shared", "none/x"],
            problems.Select(p => p[(directory.Path.Length + "/default/".Length)..p.IndexOf(':')]).Order(StringComparer.Ordinal));
    }

    [RequiresFact(program: "/usr/bin/openssl")]
    public async Task An_Ed25519_key_and_signature_of_openssl()
    {
        using var directory = new TemporaryDirectory();
        foreach (var arguments in new[] { "genpkey -algorithm ed25519 -out {d}/key", "pkey -in {d}/key -pubout -out {d}/pub", "pkeyutl -sign -rawin -inkey {d}/key -in {d}/data -out {d}/sig" })
        {
            File.WriteAllText(directory["data"], "data");
            using var openssl = Process.Start("/usr/bin/openssl", arguments.Replace("{d}", directory.Path).Split(' '));
            await openssl.WaitForExitAsync();
            Assert.Equal(0, openssl.ExitCode);
        }
        var algorithm = JwtAlgorithm.Find("EdDSA")!;
        var key = VerificationKey.OfText(File.ReadAllText(directory["pub"]), "k", algorithm, "p");
        Assert.True(algorithm.IsRight(key, "data"u8, File.ReadAllBytes(directory["sig"])));
        Assert.False(algorithm.IsRight(key, "date"u8, File.ReadAllBytes(directory["sig"])));
    }
}
