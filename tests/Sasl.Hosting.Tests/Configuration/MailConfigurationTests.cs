using CsCheck;
using Sasl.Hosting.Configuration;
using Testing;

namespace Sasl.Hosting.Tests.Configuration;

public sealed class MailConfigurationTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    (MailConfiguration Configuration, string[] Problems) Load(string mainCf = "", string? masterCf = null, string? dovecotConf = null)
    {
        File.WriteAllText(_directory["main.cf"], mainCf);
        if (masterCf is not null)
            File.WriteAllText(_directory["master.cf"], masterCf);
        if (dovecotConf is not null)
            File.WriteAllText(_directory["dovecot.conf"], dovecotConf);
        var (configuration, problems) = MailConfiguration.Load(_directory.Path, MainCfTests.System);
        return (configuration, [.. problems.Select(p => p.ToString().Replace($"{_directory.Path}/", ""))]);
    }

    [Fact]
    public void An_empty_main_cf_is_a_server_on_port_25()
    {
        var (configuration, problems) = Load();
        Assert.Empty(problems);
        Assert.Equal([25], configuration.Services.Select(s => s.Port));
        Assert.Empty(configuration.Dovecot.Settings.List(DovecotConf.Protocols));
    }

    [Theory]
    [InlineData("smtpd_sasl_auth_enabled = yes", "unknown parameter: smtpd_sasl_auth_enabled (did you mean \"smtpd_sasl_auth_enable\"?)")]
    [InlineData("smtpd_helo_required = true", "bad boolean configuration: smtpd_helo_required = true (did you mean \"yes\"?)")]
    [InlineData("message_size_limit = 10M", "bad numerical configuration: message_size_limit = 10M (did you mean \"10485760\"?)")]
    [InlineData("smtpd_recipient_limit = 0", "invalid smtpd_recipient_limit parameter value 0 < 1 (did you mean \"1\"?)")]
    [InlineData("reject_code = 600", "invalid reject_code parameter value 600 > 599 (did you mean \"599\"?)")]
    [InlineData("queue_run_delay = 5 Min", "parameter queue_run_delay: bad time value or unit: 5 Min")]
    [InlineData("queue_run_delay = 5M", "parameter queue_run_delay: bad time value or unit: 5M (did you mean \"5m\"?)")]
    [InlineData("smtpd_tls_security_level = mya", "bad value: smtpd_tls_security_level = mya (one of: none, may, encrypt) (did you mean \"may\"?)")]
    [InlineData("smtpd_sasl_type = dovcot", "bad value: smtpd_sasl_type = dovcot (one of: cyrus, dovecot) (did you mean \"dovecot\"?)")]
    [InlineData("myorigin = ${mydomain", "myorigin: '{' without '}' in \"${mydomain\"")]
    [InlineData("myorigin = $myorigin", "myorigin: more than 100 levels of $name: a definition refers to itself")]
    [InlineData("myorigin = $mydomian", "warning: myorigin: undefined parameter: $mydomian (did you mean \"mydomain\"?)")]
    [InlineData("smtpd_milters = inet:localhost:8891", "warning: smtpd_milters: not implemented in this version, ignored")]
    [InlineData("postscreen_greet_wait = 3s", "warning: postscreen_greet_wait: not implemented in this version, ignored")]
    [InlineData("smtp_destination_concurrency_limit = 3", "warning: smtp_destination_concurrency_limit: not implemented in this version, ignored")]
    [InlineData("mynetworks = 192.0.2.1/24", "mynetworks: non-null host address bits in \"192.0.2.1/24\" (did you mean \"192.0.2.0/24\"?)")]
    [InlineData("mynetworks = ::1/128", "mynetworks: IPv6 address without brackets: \"::1/128\" (did you mean \"[::1]/128\"?)")]
    [InlineData("mynetworks = /nowhere/networks", "mynetworks: file /nowhere/networks does not exist")]
    [InlineData("inet_interfaces = loopback_only", "inet_interfaces: \"loopback_only\" is not an address of an interface (did you mean \"loopback-only\"?)")]
    [InlineData("inet_interfaces = 192.0.2.0/24", "inet_interfaces: \"192.0.2.0/24\" is not an address of an interface")]
    [InlineData("inet_interfaces =", "inet_interfaces: no address; to listen on none, remove the services from master.cf (did you mean \"loopback-only\"?)")]
    [InlineData("inet_protocols = ipv5", "inet_protocols: unknown protocol: \"ipv5\" (did you mean \"ipv4\"?)")]
    [InlineData("smtpd_sasl_security_options = noanonymus", "smtpd_sasl_security_options: unknown SASL security option: \"noanonymus\" (did you mean \"noanonymous\"?)")]
    [InlineData("smtpd_helo_restrictions = reject_unknown_hello", "smtpd_helo_restrictions: unknown smtpd restriction: \"reject_unknown_hello\"")]
    [InlineData("smtpd_sender_restrictions = reject_unknown_sender_domian", "smtpd_sender_restrictions: unknown smtpd restriction: \"reject_unknown_sender_domian\" (did you mean \"reject_unknown_sender_domain\"?)")]
    [InlineData("smtpd_client_restrictions = reject_rbl_client dnsbl.example", "smtpd_client_restrictions: restriction reject_rbl_client: not implemented in this version")]
    [InlineData("smtpd_client_restrictions = hash:/etc/access", "smtpd_client_restrictions: access table \"hash:/etc/access\": not implemented in this version")]
    [InlineData("smtpd_restriction_classes = strict", "smtpd_restriction_classes: restriction class \"strict\" is not defined")]
    [InlineData("smtp_sasl_auth_enable = yes", "smtp_sasl_auth_enable: smtp_sasl_auth_enable = yes needs smtp_sasl_password_maps")]
    [InlineData("mailbox_size_limit = 1000", "mailbox_size_limit: main.cf configuration error: mailbox_size_limit is smaller than message_size_limit")]
    [InlineData("smtpd_tls_security_level = encrypt", null)]
    [InlineData("smtpd_relay_restrictions = permit_mynetworks", "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: reject_unauth_destination, defer_unauth_destination, reject, defer, defer_if_permit")]
    public void Each_error_class_of_main_cf_has_its_line(string line, string? message)
    {
        var (_, problems) = Load($"# first\n{line}\n");
        Assert.Equal(message is null ? "main.cf: service \"smtp\": TLS is on, but there is no smtpd_tls_cert_file and no smtpd_tls_chain_files" : $"main.cf, line 2: {message}", Assert.Single(problems));
    }

    [Theory]
    [InlineData("permit_mynetworks, permit, reject_unauth_destination", false)]
    [InlineData("warn_if_reject reject_unauth_destination, permit_mynetworks", false)]
    [InlineData("permit_mynetworks, REJECT", true)]
    [InlineData("permit_mynetworks, ours", true)]
    [InlineData("defer_if_permit", true)]
    public void An_open_relay_is_refused(string restrictions, bool isGuarded)
    {
        var (_, problems) = Load($"smtpd_relay_restrictions = {restrictions}\nsmtpd_restriction_classes = ours\nours = reject_unauth_destination\n");
        Assert.Equal(isGuarded ? 0 : 1, problems.Length);
        Assert.All(problems, p => Assert.Contains("specify at least one working instance", p));
    }

    [Fact]
    public void A_service_whose_overrides_open_the_relay_is_named()
    {
        var (_, problems) = Load("", "smtp inet n - n - - smtpd\n587 inet n - n - - smtpd -o smtpd_relay_restrictions= -o smtpd_recipient_restrictions=permit\n");
        Assert.StartsWith("master.cf, line 2: service \"587\": in parameter smtpd_relay_restrictions", Assert.Single(problems));
    }

    [Fact]
    public void Overrides_are_checked_like_main_cf()
    {
        var (_, problems) = Load("mua = permit_sasl_authenticated, reject\n", """
            submission inet n - n - - smtpd
              -o smtpd_sasl_auth_enable=maybe
              -o smtpd_recipient_restrictions=$mua
              -o smtpd_helo_requierd=yes
              -o smtpd_client_restrictions=rejct
            """);
        Assert.Equal(
            [
                "master.cf, line 1: service \"submission\": bad boolean configuration: smtpd_sasl_auth_enable = maybe",
                "master.cf, line 1: service \"submission\": unknown parameter: smtpd_helo_requierd (did you mean \"smtpd_helo_required\"?)",
                "master.cf, line 1: service \"submission\": smtpd_client_restrictions: unknown smtpd restriction: \"rejct\" (did you mean \"reject\"?)",
            ], problems);
    }

    [Fact]
    public void Names_of_ones_own_are_legal_when_something_refers_to_them()
    {
        var (configuration, problems) = Load("site = example.net\nmydestination = $site, ${nothing?{$other}}\nother = x\n");
        Assert.Equal(["main.cf, line 2: warning: mydestination: undefined parameter: $nothing"], problems);
        Assert.Equal(["example.net"], configuration.Main.List(MainCf.Mydestination));
    }

    [Fact]
    public void All_problems_of_all_files_come_at_once_errors_first()
    {
        Directory.CreateDirectory(_directory["sasl2"]);
        File.WriteAllText(_directory["sasl2/smtpd.conf"], "pwcheck_method saslauthd\n");
        var (_, problems) = Load("no sign\nbiff = no\nunknwon = 1\n", "smtp inet n - n - smtpd\n", "protocol = imap\nssl = perhaps\n");
        Assert.Equal(
            ["dovecot.conf, line 1: ", "dovecot.conf, line 2: ", "main.cf, line 1: ", "main.cf, line 3: ", "master.cf, line 1: ", "sasl2/smtpd.conf, line 1: ", "main.cf, line 2: warning: "],
            problems.Where(p => !p.Contains("ssl_")).Select((p, i) => p[..(p.IndexOf(": ") + (p.Contains(": warning: ") ? 11 : 2))]));
    }

    [Fact]
    public void The_sub_directories_of_a_distribution_are_found()
    {
        foreach (var name in new[] { "postfix", "dovecot", "sasl2" })
            Directory.CreateDirectory(_directory[name]);
        File.WriteAllText(_directory["postfix/main.cf"], "myhostname = mx.example.net\n");
        File.WriteAllText(_directory["postfix/master.cf"], "2525 inet n - n - - smtpd\n");
        File.WriteAllText(_directory["dovecot/dovecot.conf"], "protocols = pop3\nssl = no\n");
        File.WriteAllText(_directory["sasl2/smtpd.conf"], "mech_list: PLAIN\n");
        var (configuration, problems) = MailConfiguration.Load(_directory.Path, MainCfTests.System);
        Assert.Empty(problems);
        Assert.Equal("mx.example.net", configuration.Main.Text(MainCf.Myhostname));
        Assert.Equal(_directory["postfix"], configuration.Main.Text(MainCf.ConfigDirectory));
        Assert.Equal([2525], configuration.Services.Select(s => s.Port));
        Assert.True(configuration.Dovecot.Serves("pop3"));
        Assert.Equal(["PLAIN"], configuration.Sasl2["smtpd"].MechList);
    }

    [Fact]
    public void A_directory_with_nothing_in_it_says_so() =>
        Assert.Equal($"{_directory.Path}: neither main.cf nor dovecot.conf is here, nor in postfix/ and dovecot/",
            Assert.Single(MailConfiguration.Load(_directory.Path, MainCfTests.System).Problems).ToString());

    [Fact]
    public void A_login_that_nobody_could_answer_is_reported()
    {
        var (_, problems) = Load("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/aut\nqueue_directory = /nowhere\n", null, """
            protocols = imap
            ssl = no
            service auth {
              unix_listener /nowhere/private/auth {
                mode = 0660
              }
            }
            """);
        Assert.Equal("main.cf, line 3: warning: smtpd_sasl_path: nobody offers the auth socket /nowhere/private/aut: no unix_listener of service auth in dovecot.conf (did you mean \"/nowhere/private/auth\"?)", Assert.Single(problems));
        Assert.Empty(Load("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\nqueue_directory = /nowhere\n").Problems);
    }

    [Fact]
    public void The_old_name_of_the_sasl_path_still_counts()
    {
        Assert.Equal("imapd", Load("smtpd_sasl_application_name = imapd\n").Configuration.Main.Text(MainCf.SmtpdSaslPath));
        Assert.Equal("new", Load("smtpd_sasl_application_name = imapd\nsmtpd_sasl_path = new\n").Configuration.Main.Text(MainCf.SmtpdSaslPath));
    }

    [Fact]
    public void Certificates_that_cannot_be_used_are_errors()
    {
        File.WriteAllText(_directory["empty.pem"], "nothing\n");
        var (_, problems) = Load($"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {_directory["empty.pem"]}\nsmtpd_tls_key_file = /nowhere/key.pem\n");
        Assert.Equal(
            [
                "main.cf, line 2: smtpd_tls_cert_file: empty.pem holds no CERTIFICATE in PEM form",
                "main.cf, line 3: smtpd_tls_key_file: Can't open file /nowhere/key.pem: No such file or directory",
            ], problems);
    }

    [Fact]
    public void Arbitrary_files_never_throw() =>
        Gen.Select(Gen.String[Gen.Char["smtpd_banner =$}{\n,."], 0, 80], Gen.String[Gen.Char["service auth{}\n=ssl<"], 0, 80])
            .Sample((mainCf, dovecotConf) => { Load(mainCf, null, dovecotConf); }, iter: 200, threads: 1);
}
