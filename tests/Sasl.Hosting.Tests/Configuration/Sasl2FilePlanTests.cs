using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

/// <summary>What becomes of a sasl2 file.</summary>
public sealed class Sasl2FilePlanTests
{
    static Sasl2FilePlan Read(string text, out string[] problems, string localDomain = "")
    {
        var list = new List<Problem>();
        var plan = Sasl2FilePlan.Read(Sasl2File.Parse("sasl2/smtpd.conf", text, list), localDomain, "mail.example.org", list);
        problems = [.. list.Select(p => p.ToString())];
        return plan;
    }

    static Sasl2FilePlan Read(string text, string localDomain = "")
    {
        var plan = Read(text, out var problems, localDomain);
        Assert.Empty(problems);
        return plan;
    }

    [Fact]
    public void Without_a_file_secrets_are_in_sasldb()
    {
        var plan = Read("");
        Assert.Equal(["sasldb /etc/sasl2/secrets.db realm=mail.example.org"], plan.Passdbs.Select(p => $"{p.Driver} {p.Args}"));
        Assert.Equal("SCRAM-SHA-512 SCRAM-SHA-256 SCRAM-SHA-1 DIGEST-MD5 CRAM-MD5 PLAIN LOGIN", plan.Settings["auth_mechanisms"]);
        Assert.Equal(("", "", "mail.example.org"), (plan.Settings["auth_username_chars"], plan.Settings["auth_default_realm"], plan.Settings["auth_realms"]));
    }

    [Fact]
    public void Verifiers_are_asked_in_their_order()
    {
        var plan = Read("pwcheck_method: saslauthd auxprop\nsaslauthd_path: /run/mux\nsasldb_path: /x.db\n", "example.org");
        Assert.Equal(["saslauthd /run/mux", "sasldb /x.db realm=example.org"], plan.Passdbs.Select(p => $"{p.Driver} {p.Args}"));
        Assert.Equal(["auxprop", "saslauthd"], Read("pwcheck_method: auxprop saslauthd\n").Passdbs.Select(p => p.Driver == "sasldb" ? "auxprop" : p.Driver));
        Assert.Equal(("example.org", "example.org"), (plan.Settings["auth_default_realm"], plan.Settings["auth_realms"]));
    }

    [Fact]
    public void Auxprop_serves_what_is_no_password_though_it_verifies_none()
    {
        var plan = Read("pwcheck_method: saslauthd\nmech_list: PLAIN CRAM-MD5 SCRAM-SHA-256\n");
        Assert.Equal(["saslauthd", "sasldb"], plan.Passdbs.Select(p => p.Driver));
        Assert.Equal("CRAM-MD5 SCRAM-SHA-256", plan.Passdbs[1].Settings["mechanisms"]);
        Assert.Single(Read("pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN GSSAPI\n").Passdbs);
        Assert.Equal("PLAIN LOGIN", Read("pwcheck_method: saslauthd\n").Settings["auth_mechanisms"]);
    }

    [Fact]
    public void Options_become_settings()
    {
        var settings = Read("log_level: 5\nauto_transition: noplain\nscram_iteration_counter: 8192\nreauth_timeout: 3\nkeytab: /etc/smtp.keytab\n").Settings;
        Assert.Equal(("yes", "yes", "yes", "8192", "3 mins", "/etc/smtp.keytab"), (settings["auth_verbose"], settings["auth_debug"], settings["auth_upgrade_passwords"],
            settings["auth_scram_iterations"], settings["auth_digest_reauth_time"], settings["auth_krb5_keytab"]));
        Assert.Equal(("no", "no", "no"), Read("").Settings is var none ? (none["auth_verbose"], none["auth_debug"], none["auth_upgrade_passwords"]) : default);
        foreach (var (name, value) in settings)
            Assert.True(DovecotConf.Table.Find(name) is { } setting && SettingCheck.Dovecot(setting, value) is null, name);
    }

    [Fact]
    public void Sql_of_postgresql()
    {
        var sql = Assert.Single(Read("""
            auxprop_plugin: sql
            sql_engine: pgsql
            sql_hostnames: db1:5433, db2
            sql_user: mail
            sql_passwd: it's me
            sql_database: mails
            sql_usessl: yes
            sql_select: SELECT %p FROM users WHERE username = '%u' AND realm = '%r';
            """).Passdbs).Settings;
        Assert.Equal("host=db1 host=db2 port=5433 port=5432 dbname=mails user=mail password='it\\'s me' sslmode=require", sql["connect"]);
        Assert.Equal("SELECT password_noscheme FROM (SELECT (SELECT userPassword FROM users WHERE username = '%n' AND realm = '%{domain_first|default(mail.example.org)}') AS password_noscheme) AS answer WHERE password_noscheme IS NOT NULL",
            sql["password_query"]);
        Assert.Equal(("pgsql", "PLAIN"), (sql["driver"], sql["default_pass_scheme"]));
    }

    [Fact]
    public void Sql_of_sqlite_is_found_without_being_named()
    {
        var plan = Read("sql_engine: sqlite3\nsql_database: /var/users.db\nsql_statement: SELECT pw FROM u WHERE n = '%u'\n");
        Assert.Equal(["sasldb", "sql"], plan.Passdbs.Select(p => p.Driver));
        Assert.Equal(("sqlite", "/var/users.db"), (plan.Passdbs[1].Settings["driver"], plan.Passdbs[1].Settings["connect"]));
    }

    [Fact]
    public void Ldapdb_searches()
    {
        var ldap = Assert.Single(Read("""
            auxprop_plugin: ldapdb
            ldapdb_uri: ldap://one ldap://two
            ldapdb_id: proxy
            ldapdb_pw: secret
            ldapdb_mech: DIGEST-MD5
            ldapdb_starttls: demand
            ldapdb_base: dc=example,dc=org
            """).Passdbs).Settings;
        Assert.Equal(("ldap://one ldap://two", "yes", "proxy", "secret", "DIGEST-MD5", "yes", "dc=example,dc=org", "(uid=%n)"),
            (ldap["uris"], ldap["sasl_bind"], ldap["dn"], ldap["dnpass"], ldap["sasl_mech"], ldap["tls"], ldap["base"], ldap["pass_filter"]));
    }

    [Theory]
    [InlineData("auxprop_plugin: sql\nsql_select: x", 0, "sql_engine: mysql is not implemented in this version (pgsql and sqlite3 are)")]
    [InlineData("sql_engine: pgsql\nauxprop_plugin: sql", 2, "auxprop_plugin sql needs sql_select")]
    [InlineData("sql_engine: pgsql\nsql_select: SELECT '%v'", 2, "sql_select: unknown variable %v (%u, %r and %p are known)")]
    [InlineData("ldapdb_uri: ldap://x\nauxprop_plugin: ldapdb", 2, "auxprop_plugin ldapdb needs ldapdb_base here: users are searched for (by ldapdb_filter), not asked for by proxy authorization")]
    [InlineData("auxprop_plugin: sasldbx", 1, "unknown auxprop plugin sasldbx (did you mean \"sasldb\"?)")]
    [InlineData("mech_list: PLIAN", 1, "mech_list: Unknown authentication mechanism 'PLIAN' (did you mean \"PLAIN\"?)")]
    [InlineData("mech_list: PLAIN NTLM", 1, "warning: mech_list: NTLM: not implemented in this version, not offered")]
    public void Faults_have_their_line(string text, int line, string message)
    {
        Read(text, out var problems);
        Assert.Equal($"sasl2/smtpd.conf{(line > 0 ? $", line {line}" : "")}: {message}", Assert.Single(problems));
    }

    [Fact]
    public void A_database_of_cyrus_is_told_from_ours()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, new byte[4096]);
            Read($"sasldb_path: {file}\n", out var problems);
            Assert.StartsWith($"sasl2/smtpd.conf, line 1: {file} is not a secrets database of ours but one of Cyrus'", Assert.Single(problems));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
