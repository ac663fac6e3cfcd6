using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials.Schemes;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>--self-test: what the published program needs is there.</summary>
static class Checks
{
    public static int Run() => SelfTest.Run("authserver",
        ("mechanisms", () => SelfTest.Expect(SaslMechanisms.Find("plain") is not null && SaslMechanisms.Find("LOGIN") is not null, "PLAIN and LOGIN are missing")),
        ("accounts (NSS)", () => SelfTest.Expect(Accounts.Find(0u) is { Name: "root" }, "uid 0 is not root")),
        ("settings", () => SelfTest.Expect(AuthServerSettings.Parse(_settings.ToText()).Passdbs is [{ Driver: "sasldb" }, ..], "settings do not survive their text")),
        ("passwords", Passwords),
        ("databases", Open));

    static readonly AuthServerSettings _settings = new AuthServerSettings
    {
        Passdbs =
        [
            new("sasldb", "/nonexistent"),
            new("ldap", "") { Settings = new Dictionary<string, string> { ["uris"] = "ldaps://localhost", ["base"] = "dc=example" } },
            new("sql", "") { Settings = new Dictionary<string, string> { ["driver"] = "pgsql", ["connect"] = "host=localhost sslmode=require", ["password_query"] = "SELECT '%n@%d' AS user", ["password_update_query"] = "UPDATE u SET p = '%{new_password}' WHERE p = '%{old_password}'" } },
            new("passwd-file", "/nonexistent"),
            new("static", "password=%u"),
            new("oauth2", "") { Settings = new Dictionary<string, string> { ["introspection_url"] = "https://localhost" } },
        ],
        Userdbs = [new("prefetch", ""), new("passwd", "")],
    }.With(DovecotConf.AuthStateDir, "");

    static void Passwords()
    {
        foreach (var scheme in new[] { "YESCRYPT", "ARGON2ID", "PBKDF2", "SCRAM-SHA-256", "CRAM-MD5" })
            SelfTest.Expect(PasswordScheme.Make(scheme, "secret"u8) is { } stored && PasswordScheme.Matches("secret"u8, stored) == true, $"{scheme} does not match itself");
    }

    static void Open()
    {
        using var databases = new Databases();
        var problems = new List<string>();
        SelfTest.Expect(databases.Open(_settings, NullLogger.Instance, TimeProvider.System, problems) is not null, string.Join("; ", problems));
    }
}
