using System.Text;
using AuthServer.Passdb;
using AuthServer.Passdb.Drivers;
using Sasl.Credentials.Schemes;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Ldap;

/// <summary>passdb ldap against Debian's OpenLDAP.</summary>
public sealed class LdapPassdbTests(LdapPassdbTests.Server server) : IClassFixture<LdapPassdbTests.Server>
{
    static readonly string _scram = ScramKeys("scrams");

    public sealed class Server : IAsyncLifetime
    {
        public Slapd Slapd { get; private set; } = null!;

        public async Task InitializeAsync() => Slapd = await Slapd.StartAsync(
            Slapd.Person("scram", _scram) + Slapd.Person("two", "one\nuserPassword: another") + Slapd.Person("a*(b)", "sonderbar", "star")
            + Slapd.Person("none", "x").Replace("userPassword: x", "description: no password") + Slapd.Person("brace", "{not a scheme}x"));

        public async Task DisposeAsync() => await Slapd.DisposeAsync();
    }

    static string ScramKeys(string password)
    {
        var hash = ScramHash.Of("SCRAM-SHA-256")!;
        return ScramSecretText.Format(ScramSecret.Derive(hash, Encoding.UTF8.GetBytes(password), new byte[16], 4096), ScramForm.Dovecot);
    }

    IPassdb Open(string more = "") => LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(server.Slapd.Url, more)));

    static Task<PassdbRow> VerifyAsync(IPassdb passdb, string user, string password) =>
        passdb.VerifyAsync(LdapBlocks.Login(user), Encoding.UTF8.GetBytes(password), default).AsTask();

    [RequiresFact(program: Slapd.Program)]
    public async Task Stored_passwords_are_told_with_their_schemes()
    {
        var passdb = Open("pass_attrs = uid=user, userPassword=password, sn=userdb_mail=maildir:/m/%$/%n, =quota_rule=*:storage=%{ldap:telephoneNumber:100}M");
        var row = await passdb.FindAsync(LdapBlocks.Login("ALICE"), default);
        Assert.Equal((PassdbKind.Found, "{PLAIN}geheim"), (row.Kind, Assert.Single(row.Passwords)));
        Assert.Equal([("user", "alice"), ("userdb_mail", "maildir:/m/alice/ALICE"), ("quota_rule", "*:storage=100M")], row.Fields);
        Assert.Equal(["{PLAIN}another", "{PLAIN}one"], (await passdb.FindAsync(LdapBlocks.Login("two"), default)).Passwords.Order());
        Assert.Equal([_scram], (await passdb.FindAsync(LdapBlocks.Login("scram"), default)).Passwords);
        Assert.Equal(["{PLAIN}{not a scheme}x"], (await passdb.FindAsync(LdapBlocks.Login("brace"), default)).Passwords);
        Assert.Empty((await passdb.FindAsync(LdapBlocks.Login("none"), default)).Passwords);
        Assert.Equal(PassdbKind.Unknown, (await passdb.FindAsync(LdapBlocks.Login("carol"), default)).Kind);
        ((IDisposable)passdb).Dispose();
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Two_entries_are_an_error_and_nobody()
    {
        var row = await Open().FindAsync(LdapBlocks.Login("twice"), default);
        Assert.Equal((PassdbKind.Failed, "more than one entry matches (&(objectClass=person)(uid=twice))"), (row.Kind, row.Reason));
        Assert.Equal(PassdbKind.Failed, (await VerifyAsync(Open("auth_bind = yes"), "twice", "zweimal")).Kind);
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("*")]
    [InlineData("ali*")]
    [InlineData("alice)(uid=*")]
    [InlineData("*)(userPassword=*")]
    [InlineData("x)(|(uid=alice")]
    [InlineData("\\61lice")]
    [InlineData("alice\0")]
    public async Task Attack_ldap_injection_a_name_stays_a_value_in_pass_filter_and_user_filter(string user)
    {
        Assert.Equal(PassdbKind.Unknown, (await Open().FindAsync(LdapBlocks.Login(user), default)).Kind);
        Assert.Equal(PassdbKind.Unknown, (await VerifyAsync(Open("auth_bind = yes"), user, "geheim")).Kind);
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("x,uid=alice")]
    [InlineData("alice,ou=people,dc=example\0")]
    [InlineData("alice+cn=alice")]
    [InlineData("\\61lice")]
    public async Task Attack_ldap_injection_a_name_stays_a_value_in_auth_bind_userdn_and_base(string user)
    {
        Assert.Equal(PassdbKind.Mismatch, (await VerifyAsync(Open($"auth_bind = yes\nauth_bind_userdn = uid=%u,{Slapd.People}"), user, "geheim")).Kind);
        var based = Open("base = ou=%u,dc=example\npass_filter = (uid=alice)");
        Assert.Equal(PassdbKind.Unknown, (await based.FindAsync(LdapBlocks.Login("people,dc=example"), default)).Kind);
        Assert.Equal(PassdbKind.Found, (await based.FindAsync(LdapBlocks.Login("people"), default)).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_domain_becomes_components_of_a_name_and_nothing_else()
    {
        var passdb = Open("base = dc=%Dd\npass_filter = (uid=%n)");
        Assert.Equal(PassdbKind.Found, (await passdb.FindAsync(LdapBlocks.Login("alice@example"), default)).Kind);
        Assert.Equal(PassdbKind.Unknown, (await passdb.FindAsync(LdapBlocks.Login("alice@people.example"), default)).Kind);
        Assert.Equal(PassdbKind.Found, (await Open("base = %{user | domain | ldap_dn}\npass_filter = (uid=%n)").FindAsync(LdapBlocks.Login("alice@example"), default)).Kind);
        var other = LdapBlocks.Login("alice@x,ou=people.example");
        Assert.Equal(PassdbKind.Unknown, (await Open("base = %{user | domain | ldap_dn}\npass_filter = (uid=%n)").FindAsync(other, default)).Kind);
        Assert.Contains(other.Explanation!.Steps, s => s.Contains("""below "dc=x\2cou\3dpeople,dc=example":"""));
        var login = LdapBlocks.Login("alice@x,ou=people.example");
        Assert.Equal(PassdbKind.Unknown, (await passdb.FindAsync(login, default)).Kind);
        Assert.Contains(login.Explanation!.Steps, s => s.Contains("""below "dc=x\2cou\3dpeople,dc=example":"""));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task With_auth_bind_the_server_says()
    {
        var passdb = Open("auth_bind = yes");
        Assert.Equal(PassdbAbilities.Passwords | PassdbAbilities.Names, passdb.Abilities);
        var row = await VerifyAsync(passdb, "alice", "geheim");
        Assert.Equal((PassdbKind.Found, "alice"), (row.Kind, row["user"]));
        Assert.Equal(PassdbKind.Mismatch, (await VerifyAsync(passdb, "alice", "falsch")).Kind);
        Assert.Equal(PassdbKind.Unknown, (await VerifyAsync(passdb, "carol", "geheim")).Kind);
        Assert.Equal(PassdbKind.Found, (await VerifyAsync(passdb, "a*(b)", "sonderbar")).Kind);
        var named = await passdb.FindAsync(LdapBlocks.Login("alice"), default);
        Assert.Equal((PassdbKind.Found, 0), (named.Kind, named.Passwords.Count));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task With_auth_bind_userdn_nothing_is_searched()
    {
        var passdb = Open($"auth_bind = yes\nauth_bind_userdn = uid=%n,{Slapd.People}\nbase =\ndn =\ndnpass =");
        Assert.Equal(PassdbAbilities.Passwords, passdb.Abilities);
        Assert.Equal(PassdbKind.Found, (await VerifyAsync(passdb, "alice@example.org", "geheim")).Kind);
        Assert.Equal(PassdbKind.Mismatch, (await VerifyAsync(passdb, "alice@example.org", "falsch")).Kind);
        Assert.Equal(PassdbKind.Mismatch, (await VerifyAsync(passdb, "carol", "geheim")).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Attack_unauthenticated_bind_an_empty_password_goes_to_no_server()
    {
        foreach (var more in new[] { "", $"\nauth_bind_userdn = uid=%n,{Slapd.People}" })
        {
            var passdb = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block("ldap://127.0.0.1:1/", "auth_bind = yes" + more)));
            var row = await VerifyAsync(passdb, "alice", "");
            Assert.Equal((PassdbKind.Mismatch, "empty password"), (row.Kind, row.Reason));
        }
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task User_enumeration_by_time_an_unknown_user_costs_a_bind_too()
    {
        await using var slapd = await Slapd.StartAsync();
        var passdb = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(slapd.Url, "auth_bind = yes")));
        await VerifyAsync(passdb, "carol", "geheim");
        await Eventually.TrueAsync(() => slapd.Log.Contains("BIND dn=\"cn=") && slapd.Log.Contains("err=49"), "a bind as nobody", log: () => slapd.Log);
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("uris = {tls}\ntls_ca_cert_file = {ca}", true)]
    [InlineData("tls = yes\ntls_ca_cert_file = {ca}", true)]
    [InlineData("uris = {local}", true)]
    [InlineData("uris = {tls}\ntls_require_cert = never", true)]
    [InlineData("uris = {tls}", false)]
    [InlineData("tls = yes", false)]
    [InlineData("hosts = 127.0.0.1:{port}\nuris =", true)]
    [InlineData("uris = ldap://127.0.0.1:1/ {url}", true)]
    [InlineData("dn = lookup\nsasl_bind = yes\nsasl_mech = scram-sha-256", true)]
    [InlineData("uris = {local}\nsasl_bind = yes\nsasl_mech = external\ndn =", true)]
    [InlineData("dnpass = falsch", false)]
    public async Task Ways_to_the_server(string more, bool isAnswered)
    {
        var slapd = server.Slapd;
        var passdb = Open(more.Replace("{tls}", slapd.TlsUrl).Replace("{url}", slapd.Url).Replace("{local}", slapd.LocalUrl).Replace("{ca}", slapd.Authority).Replace("{port}", $"{slapd.Port}"));
        var row = await passdb.FindAsync(LdapBlocks.Login("alice"), default);
        Assert.True(row.Kind == (isAnswered ? PassdbKind.Found : PassdbKind.Failed), row.Reason);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Mechanisms_with_stored_secrets_log_in()
    {
        using var auth = Auth("plain scram-sha-256 cram-md5");
        await auth.PlayAsync($"""
            C: VERSION|1|2
            C: CPID|1
            S: VERSION|1|4
            S: MECH|PLAIN|plaintext
            S: *
            S: *
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: AUTH|1|PLAIN|service=imap|resp={TestServer.Plain("alice", "geheim")}
            S: OK|1|user=alice
            C: AUTH|2|PLAIN|service=imap|resp={TestServer.Plain("two", "another")}
            S: OK|2|user=two
            C: AUTH|4|PLAIN|service=imap|resp={TestServer.Plain("alice", "falsch")}
            S: FAIL|4|user=alice
            C: AUTH|5|PLAIN|service=imap|resp={TestServer.Plain("carol", "geheim")}
            S: FAIL|5|user=carol
            """);
        foreach (var (mechanism, user, password) in new[] { ("SCRAM-SHA-256", "scram", "scrams"), ("SCRAM-SHA-256", "alice", "geheim"), ("CRAM-MD5", "alice", "geheim"), ("CRAM-MD5", "two", "one") })
        {
            using var credentials = new SaslClientSession(SaslMechanisms.Find(mechanism)!, new(user, "", Encoding.UTF8.GetBytes(password)));
            using var session = new SaslServerSession(SaslMechanisms.Find(mechanism)!, auth.Host.CredentialsFor(new("imap", null, null) { Mechanism = mechanism }));
            Assert.IsType<SaslOutcome.Success>(await RunAsync(credentials, session));
        }
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task No_secret_is_told_by_debug_level()
    {
        var log = new CapturedLog();
        var passdb = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(server.Slapd.Url, "auth_bind = yes\ndebug_level = 1"), log));
        var login = LdapBlocks.Login("alice");
        await passdb.VerifyAsync(login, "geheim"u8.ToArray(), default);
        Assert.Contains(log.Lines, l => l.Contains("ldap(alice,192.0.2.1): ldap://") && l.Contains("bind as uid=alice,ou=people,dc=example: success (0)"));
        Assert.DoesNotContain(log.Lines.Concat(login.Explanation!.Steps), l => l.Contains("geheim") || l.Contains(Slapd.LookupPassword));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_password_is_written_only_where_it_is_allowed_and_only_over_what_was_read()
    {
        Assert.False(await Open().ReplaceAsync(LdapBlocks.Login("bob"), ["{PLAIN}bobs"], ["{PLAIN}x"], default));
        await using var slapd = await Slapd.StartAsync();
        var passdb = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(slapd.Url, "ldap_password_write = yes")));
        Assert.False(await passdb.ReplaceAsync(LdapBlocks.Login("bob"), ["{PLAIN}other"], ["{PLAIN}x"], default));
        Assert.True(await passdb.ReplaceAsync(LdapBlocks.Login("bob"), ["{PLAIN}bobs"], ["{PLAIN}bobs", _scram], default));
        Assert.Equal(new[] { "{PLAIN}bobs", _scram }.Order(), (await passdb.FindAsync(LdapBlocks.Login("bob"), default)).Passwords.Order());
    }

    [Theory]
    [InlineData("uris =", "neither uris nor hosts is set")]
    [InlineData("uris = http://x/", "http://x/ is no URL of a directory server (ldap://host, ldaps://host:port, ldapi://%2Fpath)")]
    [InlineData("base =", "base is not set")]
    [InlineData("dnpass =", "a name without a password is no identity")]
    [InlineData("scope = tree", "scope: unknown word tree (one of: base onelevel subtree)")]
    [InlineData("deref = yes", "deref: unknown word yes (one of: never searching finding always)")]
    [InlineData("tls_require_cert = perhaps", "tls_require_cert: unknown word perhaps (one of: never allow try demand hard)")]
    [InlineData("ldap_version = 2", "ldap_version: only 3 is spoken")]
    [InlineData("auth_bind = maybe", "auth_bind: maybe is neither yes nor no")]
    [InlineData("pass_filter = (uid=%y)", "pass_filter: unknown variable %y")]
    [InlineData("pass_filter = (uid=%u", "pass_filter: no filter: ')' expected at character 9 of (uid=x@x")]
    [InlineData("pass_attrs = uid=@x", "pass_attrs: uid=@x: searches within the answer (@) are not supported")]
    [InlineData("tls = yes\nuris = ldaps://localhost", "StartTLS cannot be done on an ldaps:// server, which has TLS already")]
    [InlineData("tls_ca_cert_file = /nonexistent/ca.pem", "Could not find file '/nonexistent/ca.pem'.")]
    [InlineData("ldap_password_write = yes\nauth_bind = yes", "ldap_password_write needs auth_bind = no and \"attribute=password\" in pass_attrs")]
    public void What_is_wrong_in_a_block_is_told(string more, string problem) =>
        Assert.Equal($"passdb ldap: {problem}", LdapBlocks.Problems(LdapBlocks.Block("ldap://localhost/", more))[0]);

    [Fact]
    public void What_a_block_has_that_nobody_reads_is_told()
    {
        var log = new CapturedLog();
        using var passdb = (IDisposable)LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block("ldaps://localhost/", "tls_cipher_suite = ALL\npas_filter = x\ntls_require_cert = never\nresult_success = continue"), log));
        Assert.Equal(
        [
            "Warning: ldap: tls_cipher_suite is not supported",
            "Warning: ldap: pas_filter is no setting of ldap (did you mean pass_filter?)",
            "Warning: ldap: tls_require_cert = never: certificates of the servers are not verified",
        ], log.Lines);
    }

    [Fact]
    public void An_answer_depends_on_all_variables_in_the_block()
    {
        using var passdb = (IDisposable)LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block("ldap://localhost/", "base = ou=%s,dc=example\npass_attrs = uid=user,=x=%{ldap:cn}%r")));
        Assert.Equal(["protocol", "remote_ip", "user"], ((IPassdb)passdb).Variables!.Order());
    }

    TestServer Auth(string mechanisms) => new(settings => (settings with { Passdbs = [LdapBlocks.Block(server.Slapd.Url)] }).With(Sasl.Hosting.Configuration.DovecotConf.AuthMechanisms, mechanisms));

    static async Task<SaslOutcome?> RunAsync(SaslClientSession client, SaslServerSession server)
    {
        var message = client.Mechanism.Name == "CRAM-MD5" ? null : (await client.StartAsync()).Message;
        while (true)
        {
            var step = await server.StepAsync(message);
            if (step.Outcome is { } outcome)
                return outcome;
            message = (await client.StepAsync(step.Message!)).Message;
        }
    }
}
