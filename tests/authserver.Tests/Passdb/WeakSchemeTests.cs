using System.Text;
using AuthServer.Tests.Mechanisms;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Passdb;

/// <summary>What cannot or shall not be compared: a temporary failure, and a line that says which scheme it was.</summary>
public sealed class WeakSchemeTests
{
    [Theory]
    [InlineData("no", "MD5-CRYPT", "stored with the weak scheme MD5-CRYPT, which auth_allow_weak_schemes = no refuses")]
    [InlineData("no", "DES-CRYPT", "stored with the weak scheme DES-CRYPT, which auth_allow_weak_schemes = no refuses")]
    [InlineData("no", "LDAP-MD5", "stored with the weak scheme LDAP-MD5, which auth_allow_weak_schemes = no refuses")]
    [InlineData("yes", "LDAP-MD5", null)]
    [InlineData("yes", "MD5-CRYPT", null)]
    [InlineData("no", "SHA512-CRYPT", null)]
    [InlineData("no", "SHA1", null)]
    public async Task Weak_schemes(string allowed, string scheme, string? reason) =>
        await ExpectAsync(PasswordScheme.Make(scheme, "secret"u8)!, allowed, reason);

    [Theory]
    [InlineData("{CRYPT}$1$8S/bM1kC$r0Gsj3j3yh.Bpkyjgph6H1", "stored with the weak scheme CRYPT (of a weak kind), which auth_allow_weak_schemes = no refuses")]
    [InlineData("{NTLM}5765e0a1d5b3d4d7", "password scheme {NTLM} is not supported (an MD4 hash for a mechanism that is gone): the user needs a new password")]
    [InlineData("{ROT13}frperg", "unknown password scheme {ROT13}")]
    [InlineData("{SHA512-CRYPT}$6$rounds=999999999$a$b", "the stored hash has rounds of 999999999; 10000000 is the most that is computed here")]
    public async Task Others(string stored, string reason) => await ExpectAsync(stored, "no", reason);

    [Fact]
    public async Task At_the_start_a_line_says_how_many_cannot_log_in()
    {
        using var server = new TestServer();
        var database = new Sasldb(server["secrets.db"]);
        foreach (var (user, scheme) in new[] { ("bob", "MD5-CRYPT"), ("eve", "LDAP-MD5"), ("carol", "SSHA") })
            database.Set(user, "", Sasldb.PasswordKind, PasswordScheme.Make(scheme, "secret"u8)!);
        server.Listen();
        await Testing.Eventually.TrueAsync(() => server.Log.Lines.Any(l => l.Contains("sasldb: of 4 stored passwords that were looked at, 2 are of weak schemes (MD5-CRYPT LDAP-MD5)")), "the line");
    }

    static async Task ExpectAsync(string stored, string allowed, string? reason)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthAllowWeakSchemes, allowed));
        new Sasldb(server["secrets.db"]).Set("bob", "", Sasldb.PasswordKind, stored);
        await using var client = new AuthClient(AuthAddress.TryParse(server.Listen().Client)!);
        var result = await SaslLogin.RunAsync(client, "PLAIN", "bob", "secret");
        Assert.Equal(reason is null, result.IsOk);
        Assert.Equal(reason is null ? null : "temp_fail", result.Code);
        if (reason is not null)
            Assert.Contains(server.Log.Lines, l => l.EndsWith($"sasldb(bob): {reason}"));
    }
}
