using System.Text;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Testing;

namespace Sasl.Credentials.Tests.Sources;

/// <summary>Against real MIT KDCs, each with a krb5.conf of its own.</summary>
public sealed class KerberosSourceTests : IAsyncLifetime, IDisposable
{
    const string Realm = "EXAMPLE.COM", Other = "OTHER.LOCAL", Kdb = "/usr/sbin/krb5kdc";

    readonly ListLog _log = new();
    readonly List<KerberosSource> _sources = [];
    Kdc _kdc = null!;

    public async Task InitializeAsync()
    {
        _kdc = await Kdc.StartAsync(Realm, Other);
        await _kdc.AddServiceAsync("host/localhost", _kdc["keys"]);
        await _kdc.AddUserAsync("bob", "geheim");
        await _kdc.AddUserAsync("bob/mail", "mailgeheim");
        await _kdc.AddUserAsync($"carol@{Other}", "geheim");
    }

    [RequiresTheory(program: Kdb)]
    [InlineData("bob", "", "geheim", VerdictKind.Ok, "")]
    [InlineData("bob", Realm, "geheim", VerdictKind.Ok, "")]
    [InlineData($"bob@{Realm}", "", "geheim", VerdictKind.Ok, "")]
    [InlineData($"bob@{Realm}", Realm, "geheim", VerdictKind.Ok, "")]
    [InlineData("bob/mail", "", "mailgeheim", VerdictKind.Ok, "")]
    [InlineData("bob", "", "falsch", VerdictKind.Refused, "krb5_get_init_creds_password failed")]
    [InlineData("bob/mail", "", "geheim", VerdictKind.Refused, "krb5_get_init_creds_password failed")]
    [InlineData("nobody", "", "geheim", VerdictKind.Refused, "krb5_get_init_creds_password failed")]
    [InlineData("bob", "", "", VerdictKind.Refused, "saslauthd NULL password or username")]
    [InlineData("bob", "", "geheim\0x", VerdictKind.Refused, "saslauthd NULL password or username")]
    [InlineData("bob", "example.com", "geheim", VerdictKind.Refused, "saslauthd realm mismatch")]
    [InlineData("bob", "EVIL.EXAMPLE", "geheim", VerdictKind.Refused, "saslauthd realm mismatch")]
    [InlineData($"bob@{Realm}", Other, "geheim", VerdictKind.Refused, "saslauthd principal name error")]
    [InlineData($"carol@{Other}", "", "geheim", VerdictKind.Refused, "saslauthd realm mismatch")]
    public async Task Who_gets_in(string user, string realm, string password, VerdictKind kind, string reason) =>
        Assert.Equal(new(kind, reason), await AskAsync(Source(), user, realm, password));

    [RequiresFact(program: Kdb)]
    public async Task Details_are_in_the_log_and_in_the_explanation_and_the_password_is_not()
    {
        var explanation = new Explanation();
        await AskAsync(Source(), "bob", "", "falsch-geheim", explanation: explanation);
        var line = Assert.Single(_log.Lines);
        Assert.Matches(@"^Information\|auth_krb5: krb5_get_init_creds_password: .+ \(-17653283(53|60)\)$", line);
        Assert.Equal($"principal bob@{Realm}; the KDC has to know the key of host/localhost@{Realm}", explanation.Steps[0]);
        Assert.DoesNotContain("falsch-geheim", line + string.Join("", explanation.Steps));
    }

    [RequiresFact(program: Kdb)]
    public async Task Realms_of_trusted_kdcs_only_where_they_are_allowed()
    {
        Assert.True((await AskAsync(Source(("krb5_realms", Other)), "carol", Other, "geheim")).IsOk);
        Assert.True((await AskAsync(Source(("krb5_realms", "*")), $"carol@{Other}", "", "geheim")).IsOk);
        Assert.Equal("saslauthd realm mismatch", (await AskAsync(Source(("krb5_realms", "THIRD.LOCAL")), "carol", Other, "geheim")).Reason);
    }

    [RequiresFact(program: Kdb)]
    public async Task The_realm_of_a_login_is_a_domain_where_that_is_set()
    {
        var source = Source(("krb5_uppercase_realm", "yes"));
        Assert.True((await AskAsync(source, "bob", "example.com", "geheim")).IsOk);
        Assert.True((await AskAsync(source, "bob@example.com", "example.com", "geheim")).IsOk);
        Assert.Equal("saslauthd realm mismatch", (await AskAsync(source, "carol", "other.local", "geheim")).Reason);
    }

    [RequiresFact(program: Kdb)]
    public async Task An_instance_of_the_service_is_added_and_another_one_refused()
    {
        var source = Source(("krb5_imap_instance", "mail"));
        Assert.True((await AskAsync(source, "bob", "", "mailgeheim")).IsOk);
        Assert.True((await AskAsync(source, "bob/mail", "", "mailgeheim")).IsOk);
        Assert.Equal("krb5_get_init_creds_password failed", (await AskAsync(source, "bob", "", "geheim")).Reason);
        Assert.Equal("saslauthd principal name error", (await AskAsync(source, "bob/admin", "", "mailgeheim")).Reason);
        Assert.True((await AskAsync(source, "bob", "", "geheim", "smtp")).IsOk);
        Assert.True((await AskAsync(source, "bob", "", "mailgeheim", "IMAP")).IsOk);
        // Not krb5_conv_krb4_instance, whose value is "no".
        Assert.True((await AskAsync(source, "bob", "", "geheim", "conv_krb4")).IsOk);
        Assert.True((await AskAsync(Source(("krb5_conv_krb4_instance", "yes")), "bob.mail", "", "mailgeheim")).IsOk);
    }

    [RequiresFact(program: Kdb)]
    public async Task Expired_and_locked_principals_and_what_the_password_has_to_do_with_it()
    {
        await _kdc.AddUserAsync("old", "geheim");
        await _kdc.AdministerAsync("old", "modprinc", "-pwexpire", "1/1/2020", "old");
        await _kdc.AddUserAsync("gone", "geheim");
        await _kdc.AdministerAsync("gone", "modprinc", "-expire", "1/1/2020", "gone");
        await _kdc.AddUserAsync("locked", "geheim");
        await _kdc.AdministerAsync("locked", "modprinc", "-allow_tix", "locked");
        var source = Source();
        Assert.Equal(new(VerdictKind.Expired, "krb5_get_init_creds_password failed"), await AskAsync(source, "old", "", "geheim"));
        Assert.Equal(new(VerdictKind.Refused, "krb5_get_init_creds_password failed"), await AskAsync(source, "old", "", "falsch"));
        Assert.Equal(VerdictKind.Disabled, (await AskAsync(source, "gone", "", "geheim")).Kind);
        Assert.Equal(VerdictKind.Disabled, (await AskAsync(source, "locked", "", "geheim")).Kind);
    }

    [RequiresFact(program: Kdb)]
    public async Task Without_the_right_key_nobody_gets_in()
    {
        await _kdc.AddServiceAsync("imap/localhost", _kdc["imap-keys"]);
        File.WriteAllText(_kdc["damaged"], "no keytab");
        foreach (var keytab in new[] { "nothing", "imap-keys", "damaged" })
            Assert.Equal(new(VerdictKind.Unavailable, "krb5_verify_init_creds failed"), await AskAsync(Source(("krb5_keytab", _kdc[keytab])), "bob", "", "geheim"));
        Assert.True((await AskAsync(Source(("krb5_keytab", $"FILE:{_kdc["imap-keys"]}"), ("krb5_verify_principal", "imap")), "bob", "", "geheim")).IsOk);
        Assert.Equal("krb5_verify_init_creds failed", (await AskAsync(Source(("krb5_servername", "elsewhere.example.com")), "bob", "", "geheim")).Reason);
        Assert.Contains(_log.Lines, l => l.StartsWith("Error|auth_krb5: krb5_verify_init_creds: ", StringComparison.Ordinal));
    }

    [RequiresFact(program: Kdb)]
    public async Task A_keytab_that_only_root_may_read_is_used_from_memory()
    {
        var keys = File.ReadAllBytes(_kdc["keys"]);
        var path = _kdc["gone-after-the-start"];
        var source = Source(new Dictionary<string, ReadOnlyMemory<byte>> { [path] = keys }, ("krb5_keytab", path));
        Assert.True((await AskAsync(source, "bob", "", "geheim")).IsOk);
        Assert.True((await AskAsync(source, "bob", "", "geheim")).IsOk);
    }

    [RequiresFact(program: Kdb)]
    public async Task Kdc_spoofing_a_kdc_that_has_other_keys_is_not_believed()
    {
        await using var spoofed = await Kdc.StartAsync(Realm);
        await spoofed.AddUserAsync("bob", "what the attacker likes");
        // It knows no such service, then one with a key of its own.
        var source = Source(spoofed.Configuration, ("krb5_keytab", _kdc["keys"]));
        Assert.Equal("krb5_verify_init_creds failed", (await AskAsync(source, "bob", "", "what the attacker likes")).Reason);
        await spoofed.AddServiceAsync("host/localhost", spoofed["keys"]);
        var verdict = await AskAsync(source, "bob", "", "what the attacker likes");
        Assert.Equal(new(VerdictKind.Refused, "krb5_verify_init_creds failed"), verdict);
        Assert.True((await AskAsync(Source(spoofed.Configuration, ("krb5_keytab", spoofed["keys"])), "bob", "", "what the attacker likes")).IsOk);
    }

    [RequiresFact(program: Kdb)]
    public async Task A_kdc_that_is_gone_is_unavailable()
    {
        var source = Source(("krb5_realms", Kdc.UnreachableRealm));
        Assert.Equal(new(VerdictKind.Unavailable, "krb5_get_init_creds_password failed"), await AskAsync(source, "bob", Kdc.UnreachableRealm, "geheim"));
        Assert.Equal(VerdictKind.Unavailable, (await AskAsync(Source(("krb5_realms", "*")), "bob", "UNKNOWN.REALM", "geheim")).Kind);
    }

    [RequiresFact(program: Kdb)]
    public async Task No_ticket_stays_anywhere()
    {
        await AskAsync(Source(), "bob", "", "geheim");
        Assert.False(File.Exists(_kdc["no-tickets"]));
        Assert.False(File.Exists("/tmp/krb5cc_0"));
    }

    KerberosSource Source(params (string Name, string Value)[] settings) => Source(_kdc.Configuration, settings);

    KerberosSource Source(string configuration, params (string Name, string Value)[] settings) => Source(configuration, [], settings);

    KerberosSource Source(Dictionary<string, ReadOnlyMemory<byte>> files, params (string Name, string Value)[] settings) => Source(_kdc.Configuration, files, settings);

    KerberosSource Source(string configuration, Dictionary<string, ReadOnlyMemory<byte>> files, (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string> { ["krb5_keytab"] = _kdc["keys"], ["krb5_servername"] = "localhost" };
        foreach (var (name, value) in settings)
            values[name] = value;
        var source = new KerberosSource(new(null, SaslauthdConf.Create(values), files, HashWorkers.Inline, _log), configuration);
        _sources.Add(source);
        return source;
    }

    static async Task<Verdict> AskAsync(KerberosSource source, string user, string realm, string password, string service = "imap", Explanation? explanation = null) =>
        await source.VerifyAsync(new(user, realm, service, Encoding.UTF8.GetBytes(password), null) { Explanation = explanation }, CancellationToken.None);

    public async Task DisposeAsync() => await _kdc.DisposeAsync();

    public void Dispose() => _sources.ForEach(source => source.Dispose());
}
