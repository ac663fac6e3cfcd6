using AuthServer.Composition;
using AuthServer.Logins;
using AuthServer.Passdb;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Ldap;

/// <summary>ldap blocks as a dovecot-ldap.conf.ext makes them, and databases opened from them without a chain.</summary>
static class LdapBlocks
{
    public const string Filter = "(&(objectClass=person)(uid=%u))";

    /// <param name="more">"name = value" by line, over the usual ones.</param>
    public static AuthDatabase Block(string uri, string more = "")
    {
        var settings = new Dictionary<string, string>
        {
            ["uris"] = uri, ["dn"] = Slapd.LookupDn, ["dnpass"] = Slapd.LookupPassword, ["base"] = "dc=example", ["pass_filter"] = Filter, ["user_filter"] = Filter,
            ["default_pass_scheme"] = "PLAIN",
        };
        foreach (var line in more.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            settings[line[..line.IndexOf('=')].Trim()] = line[(line.IndexOf('=') + 1)..].Trim();
        return new("ldap", "") { Settings = settings };
    }

    public static DatabaseContext Context(AuthDatabase block, ILogger? log = null) =>
        new(block, new AuthServerSettings(), HashWorkers.Inline, HashWorkers.Inline, log ?? new CapturedLog(), TimeProvider.System);

    public static LoginFacts Login(string user, string mechanism = "PLAIN") => new(user, user, new("imap", "192.0.2.1", null) { Mechanism = mechanism }) { Explanation = new() };

    /// <summary>The problems that opening it has.</summary>
    public static IReadOnlyList<string> Problems(AuthDatabase block)
    {
        using var databases = new Databases();
        var problems = new List<string>();
        databases.Open(new AuthServerSettings { Passdbs = [block] }.With(Sasl.Hosting.Configuration.DovecotConf.AuthStateDir, ""), new CapturedLog(), TimeProvider.System, problems);
        return problems;
    }
}
