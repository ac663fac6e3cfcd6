using Sasl.Credentials.OAuth2;

namespace Fuzz;

/// <summary>Tokens of clients: one that is taken apart, or a reason that is ours; and whatever it is, without a key of its algorithm nobody believes it.</summary>
static class JwtTarget
{
    public static readonly string[] Seeds =
    [
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLy4uL3gifQ.eyJleHAiOjFlMzAwfQ.AAAA", "..", "a.b.c", "e30.e30.e30",
    ];

    static readonly TokenRules _rules = new(new() { Issuers = ["joe"], Audience = ["x"], Scopes = ["y"] }, TimeProvider.System);

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (Jwt.TryRead(input.ToArray(), out var reason) is not { } jwt)
        {
            Check.That(reason.StartsWith("no signed token: ", StringComparison.Ordinal), "a refusal without a reason of ours");
            return;
        }
        Check.That(jwt.Signed.Length + 1 <= input.Length && jwt.Signature.Length <= input.Length, "more than was sent");
        Check.That(jwt.KeyId is null or { Length: <= 256 }, "a key's name beyond reason");
        // The times, lists and texts of any claims are something or nothing.
        _ = _rules.Refuse(jwt.Claims, isSigned: true);
        foreach (var name in new[] { "sub", "email", "aud", "exp" })
            Check.That((jwt.Claims.Text(name)?.Length ?? 0) <= TokenClaims.LongestText, "a claim beyond reason");
    }
}
