using System.Security.Cryptography.X509Certificates;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;

namespace MailControl;

/// <summary>What --self-test proves of the published program.</summary>
static class Checks
{
    public static (string Name, Action Check)[] All =>
    [
        ("settings", () => SelfTest.Expect(MainCf.Table.All.Count() > 250 && DovecotConf.Table.All.Count() > 100, "a table is incomplete")),
        ("expansion", () => SelfTest.Expect(
            MainCf.Create(new Dictionary<string, string>(), SystemInfo.Current()).Text(MainCf.SmtpdBanner).EndsWith("ESMTP Sasl", StringComparison.Ordinal), "smtpd_banner")),
        ("certificate", Certificate),
        ("secrets database", Database),
    ];

    static void Certificate()
    {
        var pem = CertificateCommand.Make(["localhost"], DateTimeOffset.UtcNow, 1);
        using var certificate = X509Certificate2.CreateFromPem(pem, pem);
        SelfTest.Expect(certificate.HasPrivateKey, "no private key");
    }

    static void Database()
    {
        var directory = Directory.CreateTempSubdirectory("mailctl-");
        try
        {
            var database = new Sasldb(Path.Combine(directory.FullName, "secrets.db"));
            database.Create();
            SelfTest.Expect(database.TryAdd("user", "", PasswordScheme.Make("SHA512-CRYPT", "secret"u8)!), "cannot add");
            SelfTest.Expect(PasswordScheme.Matches("secret"u8, database.Find("user", "")!) is true, "cannot verify");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
