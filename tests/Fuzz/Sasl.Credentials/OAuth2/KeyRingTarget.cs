using Sasl.Credentials.OAuth2;

namespace Fuzz;

/// <summary>JWK Sets of an issuer: keys that can be used, or a FormatException; none is a shared secret, and none makes a random signature right.</summary>
static class KeyRingTarget
{
    public static readonly string[] Seeds =
    [
        """{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""",
        """{"keys":[{"kty":"EC","crv":"P-256","use":"sig","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}""",
        """{"keys":[{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}]}""",
        """{"keys":[{"kty":"oct","k":"AAAA"},7,{}]}""", """{"keys":{}}""", "[]",
    ];

    static readonly string[] _algorithms = ["RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA", "HS256"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        KeyRing ring;
        try
        {
            ring = KeyRing.OfJson(input.ToArray());
        }
        catch (FormatException)
        {
            return;
        }
        Check.That(ring.Keys.Count <= KeyRing.MostKeys && ring.Keys.All(k => k.Kind != KeyKind.Shared), "a shared secret that everybody may read");
        foreach (var name in _algorithms)
        {
            var algorithm = JwtAlgorithm.Find(name)!;
            if (ring.Find(algorithm, null, null) is { } key)
                Check.That(!algorithm.IsRight(key, "data"u8, new byte[64]), "a signature of nobody");
        }
    }
}
