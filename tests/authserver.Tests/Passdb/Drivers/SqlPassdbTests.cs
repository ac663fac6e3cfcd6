using System.Text;
using AuthServer.Logins;
using AuthServer.Passdb;
using AuthServer.Passdb.Drivers;
using AuthServer.Userdb;
using AuthServer.Userdb.Drivers;
using Microsoft.Data.Sqlite;
using Sasl.Credentials;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Passdb.Drivers;

public sealed class SqlPassdbTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public SqlPassdbTests()
    {
        SQLitePCL.Batteries_V2.Init();
        Run("""
            CREATE TABLE users (username TEXT, domain TEXT, password TEXT, scram TEXT, home TEXT, uid INTEGER, nets TEXT);
            INSERT INTO users VALUES ('bob', 'a.example', '{PLAIN}of a', '{SCRAM-SHA-256}4096,c2FsdA==,x,y', '/a/bob', 1001, NULL);
            INSERT INTO users VALUES ('bob', 'b.example', 'of b', NULL, NULL, NULL, '192.0.2.0/24');
            INSERT INTO users VALUES ('twin', 'a.example', '{PLAIN}1', NULL, NULL, 1, NULL), ('twin', 'a.example', '{PLAIN}2', NULL, NULL, 2, NULL);
            """);
    }

    string Path => _directory["users.db"];

    public void Dispose() => _directory.Dispose();

    void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    DatabaseContext Context(params (string, string)[] settings) => new(
        new AuthDatabase("sql", "/etc/dovecot-sql.conf") { Settings = settings.Append(("driver", "sqlite")).Append(("connect", Path)).DistinctBy(s => s.Item1).ToDictionary(s => s.Item1, s => s.Item2) },
        new(), HashWorkers.Inline, HashWorkers.Inline, new CapturedLog(), TimeProvider.System);

    static LoginFacts Login(string user, string password = "") => new(user, user, new("imap", null, null)) { Password = Encoding.UTF8.GetBytes(password) };

    static string Show(PassdbRow row) =>
        row.Kind == PassdbKind.Found ? string.Join(' ', row.Passwords.Concat(row.Fields.Select(f => $"{f.Name}={f.Value}"))) : $"{row.Kind}: {row.Reason}";

    async Task<string> AskAsync(string query, string user, params (string, string)[] settings) =>
        Show(await SqlPassdb.Open(Context([("password_query", query), .. settings])).FindAsync(Login(user), default));

    const string Usual = "SELECT username, domain, password, scram AS password_scram, home AS userdb_home, uid AS userdb_uid, nets AS allow_nets FROM users WHERE username = '%n' AND domain = '%d'";

    [Fact]
    public async Task Columns_are_passwords_and_fields_and_NULL_is_none()
    {
        Assert.Equal("{PLAIN}of a {SCRAM-SHA-256}4096,c2FsdA==,x,y username=bob domain=a.example userdb_home=/a/bob userdb_uid=1001", await AskAsync(Usual, "bob@a.example"));
        Assert.Equal("{CRYPT}of b username=bob domain=b.example allow_nets=192.0.2.0/24", await AskAsync(Usual, "bob@b.example"));
        Assert.Equal("{PLAIN}of b username=bob domain=b.example allow_nets=192.0.2.0/24", await AskAsync(Usual, "bob@b.example", ("default_pass_scheme", "plain")));
        Assert.Equal("Unknown: unknown user", await AskAsync(Usual, "bob@c.example"));
    }

    [Fact]
    public async Task Of_two_rows_none_counts() => Assert.Equal("Failed: more than one row", await AskAsync(Usual, "twin@a.example"));

    [Theory]
    [InlineData("SELECT NULL AS password, 'y' AS nopassword", "nopassword=y")]
    [InlineData("SELECT '{PLAIN}x' AS password_noscheme", "{PLAIN}{PLAIN}x")]
    [InlineData("SELECT '' AS password", "")]
    [InlineData("SELECT '2' AS password_2, '1' AS password", "{PLAIN}1 {PLAIN}2")]
    [InlineData("SELECT '%Lu|%{user | upper}|%%|%s' AS x", "x=bob@a.example|BOB@A.EXAMPLE|%|imap")]
    public async Task Other_columns(string query, string expected) => Assert.Equal(expected, await AskAsync(query, "Bob@A.example", ("default_pass_scheme", "PLAIN")));

    [Theory]
    [InlineData("' OR '1'='1")]
    [InlineData("bob@a.example' --")]
    [InlineData("x' UNION SELECT 'eve', 'a', '{PLAIN}known', NULL, NULL, NULL, NULL --")]
    [InlineData("bob'||'@a.example")]
    [InlineData("bob\\@a.example")]
    [InlineData("%u")]
    [InlineData("$1@$2")]
    public async Task Attack_sql_injection_a_hostile_name_is_nobodys(string user) => Assert.Equal("Unknown: unknown user", await AskAsync(Usual, user));

    [Fact]
    public async Task Cve_2026_24031_with_every_character_allowed_a_hostile_name_is_nobodys_on_the_socket()
    {
        using var server = new TestServer(s => (s with { Passdbs = [Context(("password_query", Usual)).Block] }).With(Sasl.Hosting.Configuration.DovecotConf.AuthUsernameChars, ""));
        var (id, script) = (0, new StringBuilder(TestServer.Handshake + "C: VERSION|1|2\nC: CPID|1\n"));
        foreach (var name in (string[])["' OR '1'='1", "bob@a.example' --", "bob' OR domain='a.example", "x' UNION SELECT 'bob','a.example','{PLAIN}p',0,0,0,0 --"])
        {
            script.AppendLine($"C: AUTH|{++id}|PLAIN|service=smtp|resp={TestServer.Plain(name, "p")}").AppendLine($"S: FAIL|{id}|user={name}*");
            script.AppendLine($"C: AUTH|{++id}|PLAIN|service=smtp|resp={TestServer.Plain(name, "of a")}").AppendLine($"S: FAIL|{id}|user={name}*");
        }
        script.AppendLine($"C: AUTH|{++id}|PLAIN|service=smtp|resp={TestServer.Plain("bob@a.example", "of a")}").AppendLine($"S: OK|{id}|user=bob@a.example*");
        await server.PlayAsync(script.ToString().Replace("\r", ""));
    }

    [Fact]
    public async Task Where_the_database_compares_the_given_password_is_a_value()
    {
        var passdb = SqlPassdb.Open(Context(("password_query", "SELECT NULL AS password, 'y' AS nopassword, username || '@' || domain AS user FROM users WHERE username = '%n' AND '{PLAIN}' || '%w' = password")));
        Assert.Equal(PassdbAbilities.Passwords, passdb.Abilities);
        async Task<string> VerifyAsync(string password) => Show(await passdb.VerifyAsync(Login("bob@a.example", password), Encoding.UTF8.GetBytes(password), default));
        Assert.Equal("nopassword=y user=bob@a.example", await VerifyAsync("of a"));
        Assert.Equal("Unknown: unknown user", await VerifyAsync("of b"));
        Assert.Equal("Unknown: unknown user", await VerifyAsync("' OR '1'='1"));
    }

    const string Update = "UPDATE users SET password = '%{new_password}', scram = '%{new_password_2}' WHERE username = '%n' AND domain = '%d' AND password = '%{old_password}'";

    [Fact]
    public async Task Stronger_forms_replace_what_was_compared_and_nothing_else()
    {
        var passdb = SqlPassdb.Open(Context(("password_query", Usual), ("password_update_query", Update), ("default_pass_scheme", "PLAIN")));
        var login = Login("bob@b.example");
        Assert.False(await passdb.ReplaceAsync(login, ["{PLAIN}another"], ["{X}1"], default));
        Assert.False(await passdb.ReplaceAsync(login, ["{PLAIN}of b"], ["{X}1", "{Y}2", "{Z}3"], default));
        Assert.False(await passdb.ReplaceAsync(Login("nobody@b.example"), ["{PLAIN}of b"], ["{X}1"], default));
        Assert.True(await passdb.ReplaceAsync(login, ["{PLAIN}of b"], ["{SHA512-CRYPT}$6$it's", "{SCRAM-SHA-256}k"], default));
        Assert.StartsWith("{SHA512-CRYPT}$6$it's {SCRAM-SHA-256}k", Show(await passdb.FindAsync(login, default)));
        Assert.False(await passdb.ReplaceAsync(login, ["{PLAIN}of b"], ["{X}1"], default));
        Assert.StartsWith("{PLAIN}of a", Show(await passdb.FindAsync(Login("bob@a.example"), default)));
        Assert.False(await SqlPassdb.Open(Context(("password_query", Usual))).ReplaceAsync(login, ["{PLAIN}of b"], ["{X}1"], default));
    }

    [Theory]
    [InlineData("password_query", "", "no password_query")]
    [InlineData("password_query", "SELECT %q", "password_query: unknown variable %q")]
    [InlineData("password_query", "SELECT password FROM %d", "password_query: a value cannot be a name (behind FROM)")]
    [InlineData("password_query", "SELECT password FROM users_%d", "password_query: a value within a name, or beside another: put single quotes around the whole ('%n@%d')")]
    [InlineData("password_query", "SELECT 1 -- for %u", "password_query: a value within a comment")]
    [InlineData("password_update_query", "UPDATE users SET password = '%{new_password}' WHERE username = '%n'", "password_update_query: it has to set %{new_password} and to compare with %{old_password}")]
    [InlineData("password_update_query", "UPDATE users SET password = '%{new_password_12}' WHERE x = '%{old_password}'", "password_update_query: %{new_password_12}: not 1 to 9")]
    [InlineData("driver", "mysql", "driver mysql is not supported (sqlite and pgsql are)")]
    [InlineData("connect", "", "no connect string")]
    public void Wrong_settings_are_told_at_the_start(string name, string value, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => SqlPassdb.Open(Context((name, value), ("password_query", Usual)))).Message);

    [Fact]
    public async Task The_userdb_asks_for_one_and_lists_all()
    {
        var userdb = SqlUserdb.Open(Context(("user_query", "SELECT home, uid, 'bin' AS gid, nets AS nets FROM users WHERE username = '%n' AND domain = '%d'"), ("iterate_query", "SELECT username, domain FROM users")), (_, _) => new((bool?)null));
        var found = await userdb.FindAsync(Login("bob@a.example"), false, default);
        Assert.Equal((LookupKind.Found, 1001u, Lookup.NotSaid, "/a/bob", "gid=bin"), (found.Kind, found.Uid, found.Gid, found.Home, Assert.Single(found.Fields)));
        Assert.Equal(LookupKind.NotFound, (await userdb.FindAsync(Login("bob@c.example"), false, default)).Kind);
        Assert.Equal("more than one row", (await userdb.FindAsync(Login("twin@a.example"), false, default)).Reason);
        var all = new List<string>();
        await foreach (var user in userdb.ListAsync(default)!)
            all.Add(user);
        Assert.Equal(["bob@a.example", "bob@b.example", "twin@a.example", "twin@a.example"], all);
        Assert.Null(SqlUserdb.Open(Context(("user_query", "SELECT 1 AS uid")), (_, _) => new((bool?)null)).ListAsync(default));
    }

    [Theory]
    [InlineData("user_query", "SELECT '%w'", "user_query: nobody's password is known here")]
    [InlineData("iterate_query", "SELECT '%u'", "iterate_query: it is about all users, no variable has a value")]
    [InlineData("user_query", "", "no user_query")]
    public void Wrong_settings_of_a_userdb(string name, string value, string problem) =>
        Assert.Equal(problem, Assert.Throws<FormatException>(() => SqlUserdb.Open(Context((name, value), ("user_query", "SELECT 1")), (_, _) => new((bool?)null))).Message);
}
