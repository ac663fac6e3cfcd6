using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>StartTLS, ldaps, ldapi and SASL binds against OpenLDAP.</summary>
public sealed class LdapTlsTests(LdapBindTests.Server server) : IClassFixture<LdapBindTests.Server>
{
    static readonly (string, string) _authority = ("/keys/ca.pem", TestCertificates.Authority), _stranger = ("/keys/ca.pem", TestCertificates.Stranger);

    const string Trusting = "ldap_tls_cacert_file: /keys/ca.pem", StartTls = "ldap_start_tls: yes\n" + Trusting;

    static async Task RefusedAsync(string configuration, string reason, params (string, string)[] files)
    {
        await using var house = new LdapHouse(configuration, null, files);
        var verdict = await house.AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.Contains(reason, verdict.Reason);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task StartTls_with_a_known_authority()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var house = new LdapHouse(LdapHouse.Conf(slapd.Url, StartTls), null, _authority);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("alice", "falsch")).Kind);
        await Eventually.TrueAsync(() => slapd.Log.Split("TLS established").Length > 3, "every connection has TLS", log: () => slapd.Log);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Ldaps_with_a_known_authority()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.TlsUrl, Trusting), null, _authority);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        // The file itself, when nobody has handed it over; and a directory of them.
        await using var reading = new LdapHouse(LdapHouse.Conf(server.Slapd.TlsUrl, $"ldap_tls_cacert_file: {server.Slapd.Authority}"));
        Assert.Equal(Verdict.Ok, await reading.AskAsync("alice", "geheim"));
        using var directory = new TemporaryDirectory();
        File.Copy(server.Slapd.Authority, directory["ca.pem"]);
        await using var listing = new LdapHouse(LdapHouse.Conf(server.Slapd.TlsUrl, $"ldap_tls_cacert_dir: {directory.Path}"));
        Assert.Equal(Verdict.Ok, await listing.AskAsync("alice", "geheim"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Attack_another_authority_is_refused()
    {
        await RefusedAsync(LdapHouse.Conf(server.Slapd.Url, StartTls), "TLS with 127.0.0.1 failed", _stranger);
        await RefusedAsync(LdapHouse.Conf(server.Slapd.TlsUrl, Trusting), "TLS with localhost failed", _stranger);
        // Unset is "verify", by the authorities of the system.
        await RefusedAsync(LdapHouse.Conf(server.Slapd.TlsUrl), "TLS with localhost failed");
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Attack_a_certificate_for_another_host_is_refused()
    {
        await using var hostile = new HostileServer(async (stream, _) =>
        {
            await using var tls = await HostileServer.SecureAsync(stream, TestCertificates.Elsewhere);
        });
        await RefusedAsync(LdapHouse.Conf($"ldaps://localhost:{hostile.Port}/", Trusting), "TLS with localhost failed", _authority);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Without_a_check_any_certificate_will_do_and_the_log_says_so()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.TlsUrl, "ldap_tls_check_peer: no"));
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Contains(house.Log.Lines, l => l.StartsWith("Warning|") && l.Contains("not verified"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_Unix_socket()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.LocalUrl));
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("alice", "falsch")).Kind);
    }

    [RequiresTheory(root: true, program: Slapd.Program)]
    [InlineData("EXTERNAL")]
    [InlineData("")]
    public async Task Lookup_by_EXTERNAL_over_a_Unix_socket(string mechanism)
    {
        await using var house = new LdapHouse($"""
            ldap_servers: {server.Slapd.LocalUrl}
            ldap_search_base: dc=example
            ldap_auth_method: custom
            ldap_use_sasl: yes
            {(mechanism.Length > 0 ? "ldap_mech: " + mechanism : "")}
            """);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("alice", "falsch")).Kind);
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("CRAM-MD5")]
    [InlineData("PLAIN", true)]
    [InlineData("")]
    [InlineData("", true)]
    public async Task Users_and_lookup_by_SASL(string mechanism, bool tls = false)
    {
        var sasl = $"""
            ldap_servers: {server.Slapd.Url}
            ldap_search_base: dc=example
            ldap_use_sasl: yes
            ldap_default_realm: example.org
            {(mechanism.Length > 0 ? "ldap_mech: " + mechanism : "")}
            {(tls ? StartTls : "")}

            """;
        // "bind" is fastbind with SASL, as in Cyrus.
        await using var house = new LdapHouse(sasl, null, _authority);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Contains(house.Explanation.Steps, s => s.Contains("bind as alice@example.org by "));
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("alice", "falsch")).Kind);
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("carol", "geheim")).Kind);
        await using var custom = new LdapHouse(sasl + $"ldap_auth_method: custom\nldap_id: lookup@example.org\nldap_bind_pw: {Slapd.LookupPassword}", null, _authority);
        Assert.Equal(Verdict.Ok, await custom.AskAsync("alice", "geheim"));
        Assert.Equal(VerdictKind.Refused, (await custom.AskAsync("alice", "falsch")).Kind);
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("")]
    [InlineData("ldap_mech: PLAIN")]
    public async Task Attack_EXTERNAL_is_never_a_users_password(string mechanism)
    {
        // Over this socket root is cn=lookup, whatever password anybody types.
        await using var house = new LdapHouse($"ldap_servers: {server.Slapd.LocalUrl}\nldap_use_sasl: yes\n{mechanism}");
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("lookup", "falsch")).Kind);
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync("alice", "falsch")).Kind);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim", "example.org"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_mechanism_that_sends_the_password_is_not_used_in_the_clear() =>
        await RefusedAsync($"ldap_servers: {server.Slapd.Url}\nldap_use_sasl: yes\nldap_mech: PLAIN", "the connection is not encrypted");

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("noplain", "PLAIN", "sends the secret itself")]
    [InlineData("nodict", "DIGEST-MD5", "lets a listener try passwords")]
    [InlineData("minssf=128,maxssf=1", "SCRAM-SHA-256", "is too weak")]
    public async Task Properties_that_a_mechanism_must_have(string words, string mechanism, string reason) =>
        await RefusedAsync($"ldap_servers: {server.Slapd.Url}\nldap_use_sasl: yes\nldap_mech: {mechanism}\nldap_sasl_secprops: {words}", reason);

    [RequiresFact(program: Slapd.Program)]
    public async Task A_layer_of_DIGEST_MD5_covers_searches()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var house = new LdapHouse($"""
            ldap_servers: {slapd.Url}
            ldap_search_base: dc=example
            ldap_auth_method: custom
            ldap_use_sasl: yes
            ldap_mech: DIGEST-MD5
            ldap_sasl_secprops: minssf=56
            ldap_id: lookup
            ldap_realm: example.org
            ldap_bind_pw: {Slapd.LookupPassword}
            """);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        await Eventually.TrueAsync(() => slapd.Log.Contains("mech=DIGEST-MD5 bind_ssf=128 ssf=128"), "a layer", log: () => slapd.Log);
    }
}
