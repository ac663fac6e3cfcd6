using AuthServer.Composition;
using AuthServer.Passdb;
using AuthServer.Userdb;
using Microsoft.Data.Sqlite;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Composition;

/// <summary>From the files to opened databases: what the configuration accepts, the auth server can use.</summary>
public sealed class ConfiguredDatabasesTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>A restriction that nobody reads would let in whom it is to keep out.</summary>
    [Fact]
    public void Every_setting_of_a_block_is_the_chains()
    {
        Assert.Empty(Names(DovecotDatabaseConf.Passdb).Except([.. PassdbRules.Names, "driver", "args", "fields_import_all"]));
        Assert.Empty(Names(DovecotDatabaseConf.Userdb).Except([.. UserdbRules.Names, "driver", "args", "fields_import_all"]));
    }

    [Theory]
    [InlineData("ldap")]
    [InlineData("oauth2")]
    [InlineData("sql")]
    public void Every_setting_of_a_drivers_file_is_the_drivers(string driver)
    {
        var settings = DovecotDatabaseConf.OfDriver(driver)!.All.Where(s => !s.IsUnsupported).ToDictionary(s => s.Name, s => s.Default);
        foreach (var (name, value) in new[] { ("uris", "ldap://127.0.0.1"), ("base", "dc=x"), ("introspection_url", "http://127.0.0.1/"), ("connect", "/nonexistent"), ("password_query", "SELECT '%u' AS password"), ("password_update_query", "UPDATE t SET a = '%{new_password}' WHERE a = '%{old_password}'") })
        {
            if (settings.ContainsKey(name))
                settings[name] = value;
        }
        if (driver == "sql")
            settings["driver"] = "sqlite";
        var log = new CapturedLog();
        var (problems, mechanisms) = (new List<string>(), driver == "oauth2" ? "oauthbearer" : "plain");
        using var databases = new Databases();
        databases.Open(new AuthServerSettings { Passdbs = [new(driver, "") { Settings = settings }] }.With(DovecotConf.AuthMechanisms, mechanisms).With(DovecotConf.AuthStateDir, ""), log, TimeProvider.System, problems);
        Assert.Empty(problems);
        Assert.DoesNotContain(log.Lines, l => l.Contains("no setting of") || l.Contains("not supported"));
        if (driver == "sql")
            Assert.Equal(["connect", "default_pass_scheme", "driver", "iterate_query", "password_query", "password_update_query", "user_query"], settings.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>docs/auth-server/configuration.md shows them.</summary>
    [Theory]
    [InlineData("dovecot-2.3")]
    [InlineData("dovecot-2.4")]
    public void The_example_set_ups_open(string name)
    {
        var source = Path.Combine(Binaries.Root, "docs/auth-server/examples", name);
        File.WriteAllText(_directory["deny-users"], "");
        File.WriteAllText(_directory["master-users"], "");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = _directory[Path.GetRelativePath(source, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            // The account for mail is not on every machine, nor are the authorities.
            File.WriteAllText(target, File.ReadAllText(file).Replace("/etc/dovecot/", $"{_directory.Path}/").Replace("uid=vmail gid=vmail", "uid=1234 gid=1234")
                .Replace("uid = vmail", "uid = 1234").Replace("gid = vmail", "gid = 1234").Replace("/etc/ssl/certs/ca-certificates.crt", ""));
        }
        var (found, problems) = (new List<Problem>(), new List<string>());
        var configuration = DovecotCheck.Run(DovecotFile.Load(_directory["dovecot.conf"], found), found);
        Assert.DoesNotContain(found, p => !p.IsWarning);
        var settings = AuthServerSettings.Parse(AuthServerSettings.From(configuration).ToText()).With(DovecotConf.AuthStateDir, "");
        using var databases = new Databases();
        var host = databases.Open(settings, new CapturedLog(), TimeProvider.System, problems);
        Assert.Equal([], problems);
        Assert.Equal(["passwd-file", name == "dovecot-2.3" ? "passwd-file" : "masters", "sql", "ldap"], host!.Passdbs.Passdbs.Select(p => p.Name is "deny" ? "passwd-file" : p.Name));
    }

    [Fact]
    public async Task A_name_without_a_realm_is_found_in_the_databases_realm_too()
    {
        using var server = new TestServer(settings =>
        {
            var path = settings.Passdbs[0].Arguments;
            new Sasldb(path).Set("bob", "mail.example.org", Sasldb.PasswordKind, "{PLAIN}builder");
            new Sasldb(path).Set("alice", "mail.example.org", Sasldb.PasswordKind, "{PLAIN}other");
            return Cyrus($"sasldb_path: {path}\nmech_list: PLAIN LOGIN\n");
        });
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|42
            C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Plain("bob", "builder")}
            S: OK|1|user=bob
            C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Right}
            S: OK|2|user=alice
            C: AUTH|3|PLAIN|service=smtp|resp={TestServer.Plain("bob@elsewhere", "builder")}
            S: FAIL|3|user=bob@elsewhere
            """);
    }

    /// <summary>Cyrus takes the first column of a query, whatever it is called; a password may begin with a brace.</summary>
    [Fact]
    public async Task The_sql_options_of_a_sasl2_file_log_in()
    {
        Write("""
            CREATE TABLE users (n TEXT, r TEXT, userPassword TEXT);
            INSERT INTO users VALUES ('bob', 'mail.example.org', '{brace'), ('carol', 'a.example', 'of a'), ('carol', 'b.example', 'of b');
            """);
        using var server = new TestServer(_ => Cyrus($"""
            mech_list: PLAIN LOGIN
            auxprop_plugin: sql
            sql_engine: sqlite3
            sql_database: {_directory["users.db"]}
            sql_select: SELECT %p FROM users WHERE n = '%u' AND r = '%r';
            """));
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|2
            C: CPID|42
            C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Plain("bob", "{brace")}
            S: OK|1|user=bob
            C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Plain("carol@b.example", "of b")}
            S: OK|2|user=carol@b.example
            C: AUTH|3|PLAIN|service=smtp|resp={TestServer.Plain("carol@a.example", "of b")}
            S: FAIL|3|user=carol@a.example
            C: AUTH|4|PLAIN|service=smtp|resp={TestServer.Plain("x' OR '1'='1", "of a")}
            S: FAIL|4|user=x' OR '1'='1
            """);
    }

    static AuthServerSettings Cyrus(string text)
    {
        var problems = new List<Problem>();
        var plan = Sasl2FilePlan.Read(Sasl2File.Parse("smtpd.conf", text, problems), "", "mail.example.org", problems);
        Assert.Empty(problems);
        var empty = DovecotCheck.Run(DovecotFile.Parse("dovecot.conf", "", []), []);
        return AuthServerSettings.Parse(AuthServerSettings.From(empty, plan).ToText()).With(DovecotConf.AuthFailureDelay, "0").With(DovecotConf.AuthStateDir, "").With(DovecotConf.AuthLimitGuessing, "no");
    }

    static IEnumerable<string> Names(SettingTable table) => table.All.Where(s => !s.IsUnsupported).Select(s => s.Name);

    void Write(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={_directory["users.db"]};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
