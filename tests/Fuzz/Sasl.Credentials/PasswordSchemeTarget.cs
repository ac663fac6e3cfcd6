using Sasl.Credentials.Schemes;

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
    ];

    static readonly string[] _costly = ["$y$", "$gy$", "$7$", "$6$", "$5$", "$2", "$sha1", "$md5", "_"];

    static readonly string[] _digests = ["MD5", "SMD5", "SHA", "SSHA", "SHA256", "SSHA256", "SHA384", "SSHA384", "SHA512", "SSHA512"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var stored = Bytes.Utf8(input);
        if (_costly.Any(stored.Contains))
            return;
        var verdict = PasswordScheme.Matches("secret"u8, stored);
        Check.That(verdict is not true || stored.EndsWith("secret", StringComparison.Ordinal) || stored.Length > 12, "a password that matches nothing");
        Check.That(PasswordScheme.Matches([], stored) is not true, "an empty password matches");
        if (stored.Length > 0 && PasswordScheme.Make("PLAIN", input) is { } made)
            Check.Same(true, PasswordScheme.Matches(System.Text.Encoding.UTF8.GetBytes(stored), made), "a new password");
        if (stored.Length > 0 && PasswordScheme.Make(_digests[input.Length % _digests.Length], input) is { } digest)
            Check.Same(true, PasswordScheme.Matches(input, digest), "a new digest");
    }
}
