using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

/// <summary>passdb and userdb blocks, in the names of 2.3 and of 2.4.</summary>
public sealed class DovecotDatabaseTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("dovecot-db").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_block_of_2_3_with_everything_that_the_chain_honours()
    {
        var passdb = Passdb("""
            passdb {
              driver = saslauthd
              args = /run/saslauthd/mux
              name = first
              deny = NO
              master = yes
              skip = Authenticated
              mechanisms = plain login
              username_filter = *@example.org !root*
              result_success = continue-ok
              result_failure = return-fail
              result_internalfail = return
              default_fields = a=1 b=2
              override_fields = nologin
              auth_verbose = yes
            }
            """);
        Assert.Equal(("saslauthd", "/run/saslauthd/mux"), (passdb.Driver, passdb.Args));
        Assert.Equal(new Dictionary<string, string>
        {
            ["name"] = "first", ["deny"] = "no", ["master"] = "yes", ["skip"] = "authenticated", ["mechanisms"] = "plain login", ["username_filter"] = "*@example.org !root*",
            ["result_success"] = "continue-ok", ["result_failure"] = "return-fail", ["result_internalfail"] = "return", ["default_fields"] = "a=1 b=2",
            ["override_fields"] = "nologin", ["auth_verbose"] = "yes",
        }, passdb.Settings);
    }

    [Fact]
    public void The_file_that_args_names_is_part_of_the_block()
    {
        var file = Write("dovecot-sql.conf.ext", """
            driver = pgsql
            connect = host=sql1 host=sql2 dbname=mail user=mail password=s3cret
            password_query = SELECT userid AS user, password \
              FROM users WHERE userid = '%u' AND active = 'Y'
            default_pass_scheme = SHA512-CRYPT
            """);
        var passdb = Passdb($"passdb {{\n  driver = sql\n  args = {file}\n  deny = yes\n}}\n");
        Assert.Equal(file, passdb.Args);
        Assert.Equal(("pgsql", "host=sql1 host=sql2 dbname=mail user=mail password=s3cret", "SHA512-CRYPT", "yes"),
            (passdb.Settings["driver"], passdb.Settings["connect"], passdb.Settings["default_pass_scheme"], passdb.Settings["deny"]));
        Assert.Equal("SELECT userid AS user, password FROM users WHERE userid = '%u' AND active = 'Y'", passdb.Settings["password_query"]);
        Assert.DoesNotContain("s3cret", passdb.ToString());
    }

    [Theory]
    [InlineData("passdb {\n  driver = sql\n  args = /nonexistent/sql\n}", "passdb sql: there is no file /nonexistent/sql")]
    [InlineData("passdb {\n  driver = passwd-file\n  args = scheme=CRYPT /nonexistent/users\n}", "passdb passwd-file: there is no file /nonexistent/users")]
    [InlineData("userdb {\n  driver = passwd-file\n  args = username_format=%n\n}", "userdb passwd-file: no path of a file (args = /path, or passwd_file_path)")]
    [InlineData("passdb ldap {\n\n  base = dc=x\n}", "Unknown setting: passdb { base } (did you mean \"ldap_base\"?)")]
    [InlineData("passdb sql {\n\n  qery = SELECT 1\n}", "Unknown setting: passdb { qery } (did you mean \"query\"?)")]
    [InlineData("passdb pam {\n\n  mechanism_filter = plain\n}", "Unknown setting: passdb { mechanism_filter } (did you mean \"mechanisms_filter\"?)")]
    [InlineData("passdb sql {\n\n  sql_driver = mysql\n}", "driver: mysql is not implemented in this version (pgsql and sqlite are)")]
    [InlineData("passdb sql {\n\n  sql_driver = pgsq\n}", "driver: unknown driver pgsq (did you mean \"pgsql\"?)")]
    [InlineData("passdb pam {\n\n  use_worker = yes\n}", "warning: use_worker: not implemented in this version, ignored")]
    [InlineData("oauth2 {\n\n  introspection_ulr = x\n}", "Unknown setting: oauth2 { introspection_ulr } (did you mean \"introspection_url\"?)")]
    public void Faults_have_their_line(string text, string message)
    {
        Read(text, out var problems);
        Assert.Equal($"dovecot.conf, line 3: {message}", Assert.Single(problems));
    }

    [Fact]
    public void Passwd_is_served_as_shadow_is()
    {
        var passdb = Passdb("passdb {\n  driver = passwd\n}\n");
        Assert.Equal(("shadow", "passwd"), (passdb.Driver, passdb.Settings["name"]));
    }

    [Fact]
    public void Sql_in_the_names_of_2_4()
    {
        var configuration = Clean("""
            sql_driver = pgsql
            pgsql localhost {
              connection_limit = 3
              parameters {
                user = mail
                password = it's \me
                dbname = mails
              }
            }
            passdb_default_password_scheme = SHA256-CRYPT
            passdb sql {
              query = SELECT userid AS user, password FROM users WHERE userid = '%{user}'
              mechanisms_filter {
                plain = yes
                login = yes
                cram-md5 = no
              }
            }
            userdb sql {
              query = SELECT home FROM users
              iterate_query = SELECT userid AS username FROM users
            }
            """);
        var (passdb, userdb) = (Assert.Single(configuration.Passdbs), Assert.Single(configuration.Userdbs));
        Assert.Equal("sql", passdb.Driver);
        Assert.Equal("host=localhost maxconns=3 user=mail password='it\\'s \\\\me' dbname=mails", passdb.Settings["connect"]);
        Assert.Equal(("pgsql", "SHA256-CRYPT", "plain login"), (passdb.Settings["driver"], passdb.Settings["default_pass_scheme"], passdb.Settings["mechanisms"]));
        Assert.Equal("SELECT userid AS user, password FROM users WHERE userid = '%{user}'", passdb.Settings["password_query"]);
        Assert.Equal(("SELECT home FROM users", "SELECT userid AS username FROM users", passdb.Settings["connect"]),
            (userdb.Settings["user_query"], userdb.Settings["iterate_query"], userdb.Settings["connect"]));
        Assert.Equal(["connect", "driver", "iterate_query", "user_query"], userdb.Settings.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sqlite_in_the_names_of_2_4()
    {
        var passdb = Passdb("sql_driver = sqlite\nsqlite_path = /var/lib/users.db\npassdb sql {\n  passdb_sql_query = SELECT 1\n}\n");
        Assert.Equal(("sqlite", "/var/lib/users.db", "SELECT 1"), (passdb.Settings["driver"], passdb.Settings["connect"], passdb.Settings["password_query"]));
    }

    [Fact]
    public void Ldap_in_the_names_of_2_4()
    {
        var configuration = Clean("""
            ldap_uris = ldap://one ldap://two
            ldap_auth_dn = cn=admin,dc=example,dc=org
            ldap_base = dc=example,dc=org
            ldap_starttls = yes
            ssl_client_ca_file = /etc/ssl/ca.pem
            passdb ldap {
              bind = yes
              filter = (&(objectClass=posixAccount)(uid=%{user | username}))
              fields {
                user = %{ldap:uid}
                proxy_maybe = %{ldap:x | default('a,b')}
              }
            }
            userdb ldap {
              filter = (uid=%{user})
              fields {
                home = /var/vmail/%{ldap:uid}
              }
              iterate_fields {
                user = %{ldap:uid}
              }
              iterate_filter = (objectClass=x)
            }
            """);
        var (passdb, userdb) = (configuration.Passdbs[0].Settings, configuration.Userdbs[0].Settings);
        Assert.Equal(("ldap://one ldap://two", "cn=admin,dc=example,dc=org", "dc=example,dc=org", "yes", "/etc/ssl/ca.pem"),
            (passdb["uris"], passdb["dn"], passdb["base"], passdb["tls"], passdb["tls_ca_cert_file"]));
        Assert.Equal(("yes", "(&(objectClass=posixAccount)(uid=%{user | username}))", "=user=%{ldap:uid},=proxy_maybe=%{ldap:x | default('a,b')}"),
            (passdb["auth_bind"], passdb["pass_filter"], passdb["pass_attrs"]));
        Assert.Equal(("(uid=%{user})", "=home=/var/vmail/%{ldap:uid}", "=user=%{ldap:uid}", "(objectClass=x)"),
            (userdb["user_filter"], userdb["user_attrs"], userdb["iterate_attrs"], userdb["iterate_filter"]));
    }

    [Fact]
    public void OAuth2_in_the_names_of_2_4()
    {
        var passdb = Passdb("""
            oauth2 {
              introspection_mode = local
              oauth2_local_validation {
                dict fs {
                  fs posix {
                    prefix = /etc/dovecot/keys/
                  }
                }
              }
              scope {
                mail = yes
              }
              issuers = https://a https://b
              username_validation_format = %{user | lower}
              http_client_request_timeout = 5s
              fields {
                proxy = y
              }
            }
            passdb oauth2 {
              mechanisms_filter = oauthbearer xoauth2
            }
            """);
        Assert.Equal(new Dictionary<string, string>
        {
            ["introspection_mode"] = "local", ["local_validation_key_dict"] = "fs:posix:prefix=/etc/dovecot/keys/", ["scope"] = "mail", ["issuers"] = "https://a https://b",
            ["username_format"] = "%{user | lower}", ["timeout_msecs"] = "5000", ["pass_attrs"] = "proxy=y", ["mechanisms"] = "oauthbearer xoauth2",
        }, passdb.Settings);
    }

    [Fact]
    public void Files_static_and_pam_in_the_names_of_2_4()
    {
        var users = Write("users", "");
        var configuration = Clean($$"""
            passdb passwd-file {
              passwd_file_path = {{users}}
              default_password_scheme = plain-md5
              auth_username_format = %{user | username}
              fields {
                allow_nets = 10.0.0.0/8
              }
            }
            passdb masters {
              driver = static
              password = two words
              fields {
                nologin = yes
              }
            }
            passdb pam {
              service_name = %{protocol}
            }
            userdb static {
              allow_all_users = yes
              fields {
                uid = vmail
                home = /home/%{user | domain}/%{user}
              }
            }
            userdb passwd {
              fields {
                home = /home/%{user | lower}
                nice = a b
              }
            }
            """);
        Assert.Equal(($"scheme=plain-md5 username_format=%{{user|username}} {users}", "allow_nets=10.0.0.0/8"), (configuration.Passdbs[0].Args, configuration.Passdbs[0].Settings["override_fields"]));
        Assert.Equal(["password=two words", "nologin=yes"], DovecotWordList.Split(configuration.Passdbs[1].Args));
        Assert.Equal(("static", "masters"), (configuration.Passdbs[1].Driver, configuration.Passdbs[1].Settings["name"]));
        Assert.Equal("*", configuration.Passdbs[2].Args);
        Assert.Equal("uid=vmail home=/home/%{user|domain}/%{user} allow_all_users=yes", configuration.Userdbs[0].Args);
        Assert.Equal(["home=/home/%{user|lower}", "nice=a b"], DovecotWordList.Split(configuration.Userdbs[1].Settings["override_fields"]));
    }

    [Fact]
    public void Blocks_of_one_name_are_one_block_and_nameless_ones_are_not()
    {
        var configuration = Clean("passdb a {\n  driver = pam\n}\npassdb {\n  driver = shadow\n}\npassdb a {\n  deny = yes\n}\npassdb {\n  driver = shadow\n}\n");
        Assert.Equal(["pam", "shadow", "shadow"], configuration.Passdbs.Select(p => p.Driver));
        Assert.Equal("yes", configuration.Passdbs[0].Settings["deny"]);
    }

    DovecotDatabase Passdb(string text) => Assert.Single(Clean(text).Passdbs);

    static DovecotConfiguration Clean(string text)
    {
        var configuration = Read(text, out var problems);
        Assert.Empty(problems);
        return configuration;
    }

    static DovecotConfiguration Read(string text, out string[] problems)
    {
        var list = new List<Problem>();
        var configuration = DovecotCheck.Run(DovecotFile.Parse("dovecot.conf", text, list), list);
        problems = [.. list.Where(p => !p.Message.StartsWith("ssl_", StringComparison.Ordinal)).Select(p => p.ToString())];
        return configuration;
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
