using Sasl.Credentials.Ldap;
using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>ldap_auth_method: bind, and fastbind, against OpenLDAP.</summary>
public sealed class LdapBindTests(LdapBindTests.Server server) : IClassFixture<LdapBindTests.Server>
{
    static readonly string Long = new('x', 16 * 1024);

    public sealed class Server : IAsyncLifetime
    {
        public Slapd Slapd { get; private set; } = null!;

        public async Task InitializeAsync() => Slapd = await Slapd.StartAsync(
            Slapd.Person("long", Long) + Slapd.Person("a*(b)", "sonderbar", "star") + Slapd.Person("komma,=", "kommas", "comma"));

        public async Task DisposeAsync() => await Slapd.DisposeAsync();
    }

    string Fastbind => $"""
        ldap_servers: {server.Slapd.Url}
        ldap_auth_method: fastbind
        ldap_filter: uid=%u,{Slapd.People}
        """;

    [RequiresFact(program: Slapd.Program)]
    public async Task The_right_password_a_wrong_one_and_nobody()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url));
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Contains(house.Explanation.Steps, s => s.Contains("search for (uid=alice) below \"dc=example\": 1 found, success (0)"));
        Assert.Contains(house.Explanation.Steps, s => s.Contains("bind as uid=alice,ou=people,dc=example: success (0)"));
        Assert.Equal(new(VerdictKind.Refused, "Invalid password"), await house.AskAsync("alice", "falsch"));
        Assert.Equal(new(VerdictKind.Refused, "User not found"), await house.AskAsync("carol", "geheim"));
        Assert.Equal(new(VerdictKind.Refused, "User not found (more than one entry matches)"), await house.AskAsync("twice", "zweimal"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_limit_of_many_entries_does_not_make_two_users_one()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url, "ldap_size_limit: 10"));
        Assert.Equal(new(VerdictKind.Refused, "User not found (more than one entry matches)"), await house.AskAsync("twice", "zweimal"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_password_of_16_KiB_goes_to_the_server_whole()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url));
        Assert.Equal(Verdict.Ok, await house.AskAsync("long", Long));
        // Cyrus cuts at 127 bytes.
        Assert.False((await house.AskAsync("long", Long[..^1])).IsOk);
        Assert.False((await house.AskAsync("long", Long[..127])).IsOk);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Attack_unauthenticated_bind_an_empty_password_is_refused_before_the_wire()
    {
        foreach (var configuration in new[] { LdapHouse.Conf("ldap://127.0.0.1:1/"), Fastbind.Replace(server.Slapd.Url, "ldap://127.0.0.1:1/") })
        {
            await using var house = new LdapHouse(configuration);
            Assert.Equal(new(VerdictKind.Refused, "empty password"), await house.AskAsync("alice", ""));
            Assert.Empty(house.Explanation.Steps);
        }
        Assert.Throws<InvalidOperationException>(() => LdapRequests.BindSimple(3, "uid=alice", default));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Attack_unauthenticated_bind_a_login_that_expands_to_no_name_is_nobodys()
    {
        await using var house = new LdapHouse(Fastbind.Replace($"uid=%u,{Slapd.People}", "%d"));
        Assert.Equal(new(VerdictKind.Refused, "User not found"), await house.AskAsync("alice", "anything"));
        Assert.Empty(house.Explanation.Steps);
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("*")]
    [InlineData("ali*")]
    [InlineData("alice)(uid=*")]
    [InlineData("*)(userPassword=*")]
    [InlineData("x)(|(uid=alice")]
    [InlineData("\\61lice")]
    [InlineData("alice\0")]
    public async Task Attack_ldap_injection_a_login_stays_a_value_in_the_filter(string login)
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url));
        Assert.Equal(new(VerdictKind.Refused, "User not found"), await house.AskAsync(login, "geheim"));
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("alice,ou=people,dc=example\0")]
    [InlineData("x,uid=alice")]
    [InlineData("alice+cn=alice")]
    [InlineData("\\61lice")]
    public async Task Attack_ldap_injection_a_login_stays_a_value_in_the_name(string login)
    {
        await using var house = new LdapHouse(Fastbind);
        Assert.Equal(VerdictKind.Refused, (await house.AskAsync(login, "geheim")).Kind);
        await using var inner = new LdapHouse(LdapHouse.Conf(server.Slapd.Url).Replace("ldap_search_base: dc=example", "ldap_search_base: ou=%u,dc=example") + "\nldap_filter: uid=alice");
        Assert.NotEqual(VerdictKind.Ok, (await inner.AskAsync("people,dc=example", "geheim")).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_login_beyond_reason_is_nobodys()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url));
        Assert.Equal(new(VerdictKind.Refused, "User not found"), await house.AskAsync(new string('(', 1024), "geheim"));
        Assert.Equal(new(VerdictKind.Refused, "User not found (a name of more than 1024 characters)"), await house.AskAsync(new string('(', 1025), "geheim"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Names_with_special_characters_log_in()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url));
        Assert.Equal(Verdict.Ok, await house.AskAsync("a*(b)", "sonderbar"));
        Assert.Equal(Verdict.Ok, await house.AskAsync("komma,=", "kommas"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Fastbind_binds_at_once()
    {
        await using var house = new LdapHouse(Fastbind);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Single(house.Explanation.Steps);
        Assert.Equal(new(VerdictKind.Refused, "Invalid password"), await house.AskAsync("alice", "falsch"));
        Assert.Equal(new(VerdictKind.Refused, "Invalid password"), await house.AskAsync("carol", "geheim"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Cyrus_550_a_password_that_was_right_is_asked_for_again()
    {
        await using var slapd = await Slapd.StartAsync();
        foreach (var configuration in new[] { LdapHouse.Conf(slapd.Url), Fastbind.Replace(server.Slapd.Url, slapd.Url) })
        {
            await using var house = new LdapHouse(configuration);
            Assert.Equal(Verdict.Ok, await house.AskAsync("bob", "bobs"));
            var binds = Binds(slapd);
            Assert.Equal(Verdict.Ok, await house.AskAsync("bob", "bobs"));
            await Eventually.TrueAsync(() => Binds(slapd) > binds, "another bind as bob", log: () => slapd.Log);
        }
    }

    static int Binds(Slapd slapd) => slapd.Log.Split("BIND dn=\"uid=bob,").Length;

    [RequiresFact(program: Slapd.Program)]
    public async Task The_lookup_connection_is_made_once()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var house = new LdapHouse(LdapHouse.Conf(slapd.Url));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => house.Source.VerifyAsync(new("alice", "", "imap", "geheim"u8.ToArray(), null), default).AsTask()));
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        await Eventually.TrueAsync(() => slapd.Log.Split("BIND dn=\"uid=alice,").Length > 21, "all binds are in the log", log: () => slapd.Log);
        Assert.Equal(2, slapd.Log.Split($"BIND dn=\"{Slapd.LookupDn}\" method=128").Length);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task The_identity_that_looks_up_is_not_let_in()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url).Replace(Slapd.LookupPassword, "falsch"));
        var verdict = await house.AskAsync("alice", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.StartsWith("Bind to ldap server failed (invalid user/password or insufficient access): invalidCredentials (49)", verdict.Reason);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task User_enumeration_by_time_an_unknown_user_costs_a_bind()
    {
        await using var slapd = await Slapd.StartAsync();
        await using var house = new LdapHouse(LdapHouse.Conf(slapd.Url));
        await house.AskAsync("carol", "geheim");
        await Eventually.TrueAsync(() => slapd.Log.Contains("BIND dn=\"cn=") && slapd.Log.Contains(",dc=example\" method=128\n"), "a bind as nobody", log: () => slapd.Log);
        Assert.Contains("err=49", slapd.Log);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task No_secret_is_told()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url, "ldap_debug: 1"));
        await house.AskAsync("alice", "geheim");
        await house.AskAsync("bob", "geheim");
        Assert.NotEmpty(house.Log.Lines);
        Assert.DoesNotContain(house.Log.Lines.Concat(house.Explanation.Steps), line => line.Contains("geheim") || line.Contains(Slapd.LookupPassword));
    }
}
