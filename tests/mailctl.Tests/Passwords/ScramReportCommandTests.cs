using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Testing;

namespace mailctl.Tests.Passwords;

public sealed class ScramReportCommandTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Who_blocks_SCRAM_and_whose_hashes_are_weak_or_old()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        void Store(string user, string realm, params string[] schemes)
        {
            foreach (var text in schemes.Select(s => PasswordScheme.Make(s, "geheimes Wort"u8, user)!))
                database.Set(user, realm, Sasldb.KindOf(text), text);
        }
        Store("clear", "", "PLAIN");
        Store("good", "", "CRYPT", "SCRAM-SHA-256");
        Store("hash", "example.com", "SHA512-CRYPT");
        Store("keys", "", "SCRAM-SHA-256");
        Store("other", "", "YESCRYPT", "SCRAM-SHA-1");
        Store("weak", "", "MD5-CRYPT", "SCRAM-SHA-256");
        var outcome = await Run.MailctlAsync("scram-report", "-f", database.Path);
        Assert.Equal(0, outcome.Status);
        Assert.Equal("""
            2 of 6 users cannot log in by SCRAM-SHA-256:
              other
              hash@example.com
            1 have a weak hash, which is refused unless auth_allow_weak_schemes = yes:
              weak (MD5-CRYPT)
            1 have a hash that would be a better one today:
              hash@example.com (SHA512-CRYPT)
            auth_upgrade_passwords = yes makes keys and a better hash at each one's next login with a password.

            """, outcome.Output);
    }

    [Fact]
    public async Task Without_a_database_it_says_so() => Assert.Equal(69, (await Run.MailctlAsync("scram-report", "-f", _directory["missing.db"])).Status);
}
