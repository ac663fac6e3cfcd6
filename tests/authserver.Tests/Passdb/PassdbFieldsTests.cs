using System.Text;
using AuthServer.Logins;
using AuthServer.Passdb;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Credentials;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Passdb;

public sealed class PassdbFieldsTests
{
    readonly List<PassdbEntry> _entries = [];

    void Add(string user, string password, string fields, string settings = "", string driver = "db")
    {
        var row = ScriptedPassdb.Row(password, [.. fields.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).Select(f => (f[0], f.Length > 1 ? f[1] : "yes"))]);
        if (password.Length == 0)
            row = PassdbRow.Found([.. row.Fields]);
        var block = new AuthDatabase(driver, "") { Settings = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]) };
        _entries.Add(new(new ScriptedPassdb(driver, (user, row)), PassdbRules.From(block, p => throw new FormatException(p))));
    }

    async Task<(PassdbKind Kind, LoginFacts Login)> LogInAsync(string user = "alice@a.example", string password = "secret", string? rip = "192.0.2.1", params string[] parameters)
    {
        var login = new LoginFacts(user, user, new("imap", rip, null) { Mechanism = "PLAIN", Parameters = parameters });
        var row = await new PassdbChain(_entries, HashWorkers.Inline, NullLogger.Instance, false).VerifyAsync(login, Encoding.UTF8.GetBytes(password), default);
        return (row.Kind, login);
    }

    static string Text(FieldList fields) => string.Join(' ', fields.All.Select(f => $"{f.Name}={f.Value}"));

    [Theory]
    [InlineData("user=bob", "bob")]
    [InlineData("username=bob", "bob@a.example")]
    [InlineData("username=bob@b.example", "bob@b.example")]
    [InlineData("domain=b.example", "alice@b.example")]
    [InlineData("username=bob domain=b.example", "bob@b.example")]
    [InlineData("user=bob domain=b.example", "bob@b.example")]
    [InlineData("user=", "alice@a.example")]
    public async Task A_database_may_rename_the_user(string fields, string user)
    {
        Add("alice@a.example", "{PLAIN}secret", fields);
        var (kind, login) = await LogInAsync();
        Assert.Equal((PassdbKind.Found, user, ""), (kind, login.User, Text(login.Fields)));
        Assert.Null(login.MasterUser);
    }

    [Fact]
    public async Task Login_user_makes_somebody_else_of_him()
    {
        Add("alice@a.example", "{PLAIN}secret", "login_user=bob");
        var (_, login) = await LogInAsync();
        Assert.Equal(("bob", "alice@a.example"), (login.User, login.MasterUser));
    }

    [Fact]
    public async Task A_name_with_a_control_character_is_nobodys()
    {
        Add("alice@a.example", "{PLAIN}secret", "user=bob\tuid=0");
        var (kind, login) = await LogInAsync();
        Assert.Equal((PassdbKind.Failed, "alice@a.example"), (kind, login.User));
    }

    [Theory]
    [InlineData("allow_nets=192.0.2.0/24", "192.0.2.1", "Found")]
    [InlineData("allow_nets=192.0.2.0/24", "::ffff:192.0.2.1", "Found")]
    [InlineData("allow_nets=198.51.100.0/24", "192.0.2.1", "Unknown")]
    [InlineData("allow_nets=", "192.0.2.1", "Unknown")]
    [InlineData("allow_real_nets=192.0.2.0/24", "192.0.2.1", "Found")]
    [InlineData("allow_real_nets=192.0.2.0/24", "198.51.100.1", "Unknown")]
    [InlineData("fail", "192.0.2.1", "Mismatch")]
    [InlineData("nologin reason=moved", "192.0.2.1", "Disabled")]
    public async Task Restrictions(string fields, string rip, string kind)
    {
        Add("alice@a.example", "{PLAIN}secret", fields);
        Assert.Equal(kind, (await LogInAsync(rip: rip)).Kind.ToString());
    }

    [Fact]
    public async Task The_real_address_is_that_of_the_proxy()
    {
        Add("alice@a.example", "{PLAIN}secret", "allow_real_nets=198.51.100.0/24");
        Assert.Equal(PassdbKind.Found, (await LogInAsync(parameters: "real_rip=198.51.100.9")).Kind);
    }

    [Fact]
    public async Task Of_a_closed_account_its_owner_is_told_why_and_nobody_else()
    {
        Add("alice@a.example", "{PLAIN}secret", "nologin reason=moved userdb_home=/x");
        Assert.Equal("nologin=yes reason=moved userdb_home=/x", Text((await LogInAsync()).Login.Fields));
        Assert.Equal("", Text((await LogInAsync(password: "wrong")).Login.Fields));
    }

    [Theory]
    [InlineData("nodelay", "wrong", "nodelay=yes")]
    [InlineData("nodelay delay_until=1 userdb_home=/x", "wrong", "nodelay=yes delay_until=1")]
    [InlineData("nodelay allow_nets=198.51.100.0/24", "secret", "nodelay=yes")]
    public async Task How_long_a_refusal_takes_is_said_of_the_refused_too(string fields, string password, string expected)
    {
        Add("alice@a.example", "{PLAIN}secret", fields);
        Assert.Equal(expected, Text((await LogInAsync(password: password)).Login.Fields));
    }

    [Fact]
    public async Task Noauthenticate_stores_fields_and_lets_another_decide()
    {
        Add("alice@a.example", "", "noauthenticate userdb_home=/x proxy=y");
        Assert.Equal(PassdbKind.Unknown, (await LogInAsync()).Kind);
        Add("alice@a.example", "{PLAIN}secret", "host=h");
        var (kind, login) = await LogInAsync();
        Assert.Equal((PassdbKind.Found, "userdb_home=/x proxy=y host=h"), (kind, Text(login.Fields)));
        Assert.Equal(PassdbKind.Mismatch, (await LogInAsync(password: "wrong")).Kind);
    }

    [Fact]
    public async Task Cve_2022_30550_what_a_passdb_says_of_a_user_whom_it_does_not_let_in_reaches_no_other()
    {
        // Two of the same driver with different settings: the first gives privileges to whom it lets in.
        Add("alice@a.example", "{PLAIN}of the admin", "userdb_uid=1 userdb_admin=y master=y user=root2", "default_fields=userdb_gid=1 userdb_home=/root;override_fields=userdb_mail=/root", "sql");
        Add("alice@a.example", "{PLAIN}secret", "userdb_uid=1000", "", "sql");
        var (kind, login) = await LogInAsync();
        Assert.Equal((PassdbKind.Found, "alice@a.example", "userdb_uid=1000"), (kind, login.User, Text(login.Fields)));
        // And of whom it does not know.
        Add("bob", "{PLAIN}secret", "", "", "sql");
        Assert.Equal("", Text((await LogInAsync("bob")).Login.Fields));
        // And of whom it refuses for where he comes from.
        _entries.Clear();
        Add("alice@a.example", "{PLAIN}secret", "allow_nets=198.51.100.0/24 userdb_uid=1 user=root2", "default_fields=userdb_home=/root", "sql");
        Add("alice@a.example", "{PLAIN}secret", "userdb_uid=1000", "", "sql");
        (kind, login) = await LogInAsync();
        Assert.Equal((PassdbKind.Found, "alice@a.example", "userdb_uid=1000"), (kind, login.User, Text(login.Fields)));
    }

    [Fact]
    public async Task Cve_2022_30550_a_secret_is_the_first_ones_that_knows_him_and_fields_are_theirs_who_go_on()
    {
        Add("alice@a.example", "{PLAIN}first", "userdb_home=/1", "result_success=continue-ok", "sql");
        Add("alice@a.example", "{PLAIN}second", "userdb_home=/2", "", "sql");
        var login = new LoginFacts("alice@a.example", "alice@a.example", new("imap", null, null) { Mechanism = "CRAM-MD5" });
        var (row, secret) = await new PassdbChain(_entries, HashWorkers.Inline, NullLogger.Instance, false).FindSecretAsync(login, SecretKind.CramMd5, default);
        Assert.Equal(PassdbKind.Found, row.Kind);
        Assert.Equal("first", Encoding.UTF8.GetString(Assert.IsType<CleartextSecret>(secret).Password.Span));
        Assert.Equal("/2", login.Fields["userdb_home"]);
    }
}
