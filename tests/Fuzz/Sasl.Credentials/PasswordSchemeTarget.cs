using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>
/// Stored passwords as a damaged database may hold them: true, false or unknown, never an exception (CVE-2013-4122: crypt(3) answering NULL).
/// Costly hashes are left out: their cost is a setting of whoever stored them.
/// </summary>
static class PasswordSchemeTarget
{
    public static readonly string[] Seeds =
    [
        "{PLAIN}secret", "{CLEARTEXT}", "{CRYPT}$1$abcdefgh$xxxxxxxxxxxxxxxxxxxxxx", "$1$", "*", "!", "{MD5-CRYPT}$1$", "{DES-CRYPT}ab", "ab01FAX.bQRSU", "{", "{}", "{UNKNOWN}x", "{plain}\u00e9", "{SHA512-CRYPT}x", "*0",
        "{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==", "{SSHA}", "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "{SSHA512}!", "{UNIX}$1$",
        "{ARGON2ID}$argon2id$v=19$m=8,t=1,p=1$n2NLeLh+7C6kMZcyvh3duQ$d7gjd6m4sPrMRhw8cLciuQ", "{CRYPT}$argon2i$v=19$m=2147483647,t=1,p=1$AAAAAAAAAAA$AAAAAA", "{PBKDF2}$1$salt$1$a62674c2602b913c5261139216201568a5406d4c",
        "{SCRAM-SHA-1}1,qA==,m04CbqQVfk1qR5pjDTV3nOaH5I4=,7IzcCxJCQpXEtgiE12scUnFcogc=", "{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56", "{DIGEST-MD5.b64}dHAck==",
        "{OTP}sha1 1024 fa071d83d80dcd12 e8b85eb63e7530ec", "{OTP}md5\t0499\tke1234\t5bf075d9959d036f\t00000000000000000000", "{PLAIN-TRUNC}4-secr", "{PLAIN.hex}736563726574", "{PLAIN-MD4}67d3dafef63ff00603aeef3769cfbf0d",
        "{SHA256.HEX}2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "{NTLM}x", "{MD5}5ebe2294ecd0e0f08eab7690d2a6ee69", "{HMAC-MD5}", "{SHA.rot13}",
    ];

    static readonly string[] _costly = ["$y$", "$gy$", "$7$", "$6$", "$5$", "$2", "$sha1", "$md5", "_"];

    /// <summary>Of any number that the input says.</summary>
    static readonly string[] _rounds = ["$argon2", "PBKDF2", "SCRAM"];

    static readonly string[] _digests = ["LDAP-MD5", "SMD5", "PLAIN-MD5", "PLAIN-MD4", "SHA.HEX", "SHA", "SSHA", "SHA256", "SSHA256", "SHA384", "SSHA384", "SHA512", "SSHA512"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var stored = Bytes.Utf8(input);
        // What it would cost is told of every text; the cost itself is a setting of whoever stored it.
        var (kind, setting, memory) = PasswordScheme.CostOf(stored);
        Check.That(memory <= 256 << 20, "more memory than there is");
        Check.That(kind.Length > 0 || setting.Length == 0, "a setting without a cost");
        _ = PasswordScheme.IsWeakText(stored) | PasswordScheme.IsOutdated(stored);
        _ = PasswordScheme.NameOf(stored);
        var (decisive, isWith) = (StoredPasswords.Decisive([stored]), PasswordScheme.WithScheme(stored, "PLAIN"));
        Check.That(decisive is null || ReferenceEquals(decisive, stored), "another text");
        Check.That(isWith.EndsWith(stored, StringComparison.Ordinal), "a text that is cut");
        foreach (var secret in Enum.GetValues<SecretKind>())
            _ = StoredPasswords.Find([stored], secret);
        if (PasswordScheme.Problem(stored) is { } problem)
            Check.That(problem.Length < 300, "a reason that shows what is stored");
        if (_costly.Any(stored.Contains) || _rounds.Any(r => kind.StartsWith(r, StringComparison.Ordinal)))
            return;
        var verdict = PasswordScheme.Matches("secret"u8, stored);
        Check.That(verdict is not true || stored.EndsWith("secret", StringComparison.Ordinal) || stored.Contains("TRUNC", StringComparison.OrdinalIgnoreCase) || stored.Length > 12, "a password that matches nothing");
        Check.That(PasswordScheme.Matches([], stored) is not true, "an empty password matches");
        if (stored.Length > 0 && PasswordScheme.Make("PLAIN", input) is { } made)
            Check.Same(true, PasswordScheme.Matches(System.Text.Encoding.UTF8.GetBytes(stored), made), "a new password");
        if (stored.Length > 0 && PasswordScheme.Make(_digests[input.Length % _digests.Length], input) is { } digest)
            Check.Same(true, PasswordScheme.Matches(input, digest), "a new digest");
    }
}
