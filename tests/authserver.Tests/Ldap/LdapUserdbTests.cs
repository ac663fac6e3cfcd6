using AuthServer.Passdb;
using AuthServer.Userdb;
using AuthServer.Userdb.Drivers;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Ldap;

/// <summary>userdb ldap against Debian's OpenLDAP, which tells 500 entries at once and no more.</summary>
public sealed class LdapUserdbTests(LdapUserdbTests.Server server) : IClassFixture<LdapUserdbTests.Server>
{
    const int Many = 1203;

    public sealed class Server : IAsyncLifetime
    {
        public Slapd Slapd { get; private set; } = null!;

        public async Task InitializeAsync() => Slapd = await Slapd.StartAsync(
            Account("posix", "1234", "1235", "/home/posix") + Account("root", "0", "0", "/root") + Account("second", "1300", "1301", "/home/second\nuid: second.name")
            + string.Concat(Enumerable.Range(0, Many).Select(i => Slapd.Person($"many{i}", "x"))));

        public async Task DisposeAsync() => await Slapd.DisposeAsync();

        static string Account(string uid, string number, string group, string home) => $"""
            dn: uid={uid},{Slapd.People}
            objectClass: account
            objectClass: posixAccount
            uid: {uid}
            cn: {uid}
            description: 500
            uidNumber: {number}
            gidNumber: {group}
            homeDirectory: {home}


            """;
    }

    IUserdb Open(string more, Func<AuthServerSettings, AuthServerSettings>? change = null)
    {
        var context = LdapBlocks.Context(LdapBlocks.Block(server.Slapd.Url, more));
        return LdapUserdb.Open(change is null ? context : context with { Settings = change(context.Settings) }, (_, _) => new((bool?)null));
    }

    static Task<Lookup> FindAsync(IUserdb userdb, string user) => userdb.FindAsync(LdapBlocks.Login(user), false, default).AsTask();

    [RequiresFact(program: Slapd.Program)]
    public async Task By_default_it_asks_for_posix_accounts()
    {
        var found = await FindAsync(Open("user_filter ="), "posix");
        Assert.Equal((LookupKind.Found, 1234u, 1235u, "/home/posix"), (found.Kind, found.Uid, found.Gid, found.Home));
        Assert.Equal(LookupKind.NotFound, (await FindAsync(Open("user_filter ="), "nobody-there")).Kind);
        Assert.Equal(LookupKind.NotFound, (await FindAsync(Open("user_filter ="), "posi*")).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Attributes_become_fields()
    {
        var found = await FindAsync(Open("user_filter = (uid=%n)\nuser_attrs = =uid=nobody, =gid=1235, =home=/vmail/%d/%{ldap:uid}, description=quota_rule=*:storage=%$M, mail=mail, =absent=%{ldap:mail}x"), "posix@example.org");
        Assert.Equal((LookupKind.Found, 65534u, 1235u, "/vmail/example.org/posix"), (found.Kind, found.Uid, found.Gid, found.Home));
        Assert.Equal(["quota_rule=*:storage=500M"], found.Fields);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Without_a_uid_mail_uid_is_it_and_without_both_it_fails()
    {
        Assert.Equal("user_attrs gives no uid, and mail_uid is not set", (await FindAsync(Open("user_filter = (uid=%u)\nuser_attrs = =home=/x"), "posix")).Reason);
        var found = await FindAsync(Open("user_filter = (uid=%u)\nuser_attrs = =home=/x", s => s.With(Sasl.Hosting.Configuration.DovecotConf.MailUid, "nobody")), "posix");
        Assert.Equal((65534u, 65534u), (found.Uid, found.Gid));
        Assert.Equal(LookupKind.Failed, (await FindAsync(Open("user_filter = (uid=%u)\nuser_attrs = =uid=no-such-user"), "posix")).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Several_entries_and_a_server_that_is_not_there_are_failures()
    {
        Assert.Equal("more than one entry matches (uid=twice)", (await FindAsync(Open("user_filter = (uid=%u)"), "twice")).Reason);
        Assert.Equal(LookupKind.Failed, (await FindAsync(Open("uris = ldap://127.0.0.1:1/"), "posix")).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_list_goes_on_where_the_servers_limit_is()
    {
        var users = new List<string>();
        await foreach (var user in Open("iterate_filter = (objectClass=person)").ListAsync(default)!)
            users.Add(user);
        Assert.Equal(Many, users.Count(u => u.StartsWith("many", StringComparison.Ordinal)));
        Assert.Contains("alice", users);
        Assert.Equal(users.Count - 1, users.Distinct().Count());
        // By default: posix accounts, and each of their names.
        users.Clear();
        await foreach (var user in Open("").ListAsync(default)!)
            users.Add(user);
        Assert.Equal(["posix", "root", "second", "second.name"], users.Order());
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_list_that_cannot_be_told_ends_with_fail()
    {
        foreach (var (uri, searchBase, end) in new[]
        {
            (server.Slapd.Url, "dc=example", "DONE|1|"), (server.Slapd.Url, "dc=nowhere,dc=example", "DONE|1|none"), (server.Slapd.Url, "no name", "DONE|1|fail"), ("ldap://127.0.0.1:1/", "dc=example", "DONE|1|fail"),
        })
        {
            using var auth = new TestServer(s => s with { Userdbs = [LdapBlocks.Block(uri, $"base = {searchBase}")] });
            await auth.PlayMasterAsync($"""
                C: VERSION|1|1
                S: VERSION|1|*
                S: SPID|*
                C: LIST|1|user=second*
                {(end.EndsWith('|') ? "S: LIST|1|second\nS: LIST|1|second.name\n" : "")}S: {end.Replace("none", "")}
                """);
        }
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Uid_0_is_nobody()
    {
        using var auth = new TestServer(s => s with { Userdbs = [LdapBlocks.Block(server.Slapd.Url, "user_filter = (uid=%u)\ndescription = x")] });
        await auth.PlayMasterAsync("""
            C: VERSION|1|1
            S: VERSION|1|*
            S: SPID|*
            C: USER|1|posix|service=lmtp
            S: USER|1|posix|uid=1234|gid=1235|home=/home/posix
            C: USER|2|root|service=lmtp
            S: NOTFOUND|2
            """);
    }
}
