using Sasl.Credentials.Schemes;
using Testing;

namespace Sasl.Credentials.Tests.Schemes;

/// <summary>Dovecot's own tool: what it makes is right here, and what is made here is right there.</summary>
public sealed class DoveadmTests
{
    const string Doveadm = "/usr/bin/doveadm", User = "user@dom";

    public static TheoryData<string> Schemes =>
    [
        "CRYPT", "DES-CRYPT", "MD5-CRYPT", "SHA256-CRYPT", "SHA512-CRYPT", "BLF-CRYPT", "ARGON2I", "ARGON2ID", "PBKDF2", "SHA", "SHA1", "SHA256", "SHA512", "SSHA",
        "SSHA256", "SSHA512", "MD5", "SMD5", "LDAP-MD5", "PLAIN-MD4", "PLAIN-MD5", "CRAM-MD5", "HMAC-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "OTP", "PLAIN",
        "CLEAR", "CLEARTEXT", "SHA256.HEX", "SSHA.HEX", "PLAIN.B64", "MD5-CRYPT.B64", "CRAM-MD5.B64", "DIGEST-MD5.BASE64",
    ];

    [RequiresTheory(program: Doveadm)]
    [MemberData(nameof(Schemes))]
    public async Task Both_ways(string scheme)
    {
        const string password = "geheimes Wort";
        var made = await Command.RunAsync(Doveadm, ["-c", "/dev/null", "pw", "-s", scheme, "-u", User, "-p", password]);
        var stored = made.Output.TrimEnd('\n');
        Assert.StartsWith($"{{{scheme}}}", stored);
        Assert.True(PasswordScheme.Matches("geheimes Wort"u8, stored, User), stored);
        Assert.False(PasswordScheme.Matches("xeheimes Wort"u8, stored, User), stored);

        var ours = PasswordScheme.Make(scheme, "geheimes Wort"u8, User)!;
        var told = await Command.RunAsync(Doveadm, ["-c", "/dev/null", "pw", "-u", User, "-p", password, "-t", ours]);
        Assert.Contains("(verified)", told.Output + told.Error);
        Assert.DoesNotContain("(verified)", (await Command.RunAsync(Doveadm, ["-c", "/dev/null", "pw", "-u", User, "-p", "other words", "-t", ours])).Output);
    }

    [RequiresFact(program: Doveadm)]
    public async Task Every_scheme_that_it_has_is_known_here()
    {
        var names = (await Command.RunAsync(Doveadm, ["-c", "/dev/null", "pw", "-l"])).Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.True(names.Length > 20);
        Assert.Empty(names.Where(n => !PasswordScheme.IsKnown(n)));
    }
}
