using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>Other people's servers ask our daemon, each as its own documentation says; and Debian's fail2ban reads what they write about it.</summary>
public sealed class CallerTests : IAsyncLifetime
{
    const string SampleServer = "/usr/sbin/sasl-sample-server", Postfix = "/usr/sbin/postfix", Exim = "artifacts/peers/usr/sbin/exim4", Slapd = "/usr/sbin/slapd", Fail2Ban = "/usr/bin/fail2ban-regex";

    readonly TemporaryDirectory _directory = new();
    RunningDaemon _daemon = null!;

    public async Task InitializeAsync()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        database.TryAdd("bob", "", PasswordScheme.Make("MD5-CRYPT", "geheim"u8)!);
        database.TryAdd("bob", "example.com", PasswordScheme.Make("MD5-CRYPT", "anders"u8)!);
        _daemon = await RunningDaemon.StartAsync(_directory["run"], "-a", "sasldb", "-O", _directory["secrets.db"]);
        if (Identity.IsRoot)
            Files.ChangeMode(_directory.Path, 0x1ED);
        Directory.CreateDirectory(_directory["sasl2"]);
        foreach (var application in (string[])["sample", "smtpd", "slapd"])
            await File.WriteAllTextAsync(_directory[$"sasl2/{application}.conf"], $"pwcheck_method: saslauthd\nmech_list: PLAIN LOGIN\nsaslauthd_path: {_daemon.SocketPath}\n");
        Files.ChangeMode(_directory["sasl2"], 0x1ED);
    }

    [RequiresFact(program: SampleServer)]
    public async Task Cyrus_own_sample_server()
    {
        foreach (var (user, password, expected) in new[]
        {
            ("bob", "geheim", "Negotiation complete\nUsername: bob\n"), ("bob@example.com", "anders", "Negotiation complete\nUsername: bob@example.com\n"),
            ("bob", "falsch", "authentication failure"), ("bob@example.com", "geheim", "authentication failure"),
        })
        {
            var said = await Command.RunAsync("/usr/bin/env", [$"SASL_CONF_PATH={_directory["sasl2"]}", SampleServer, "-s", "smtp"],
                $"C: {Base64($"PLAIN\0\0{user}\0{password}")}\n");
            Assert.Contains(expected, said.Output + said.Error);
        }
        Assert.Contains(_daemon.Lines, l => l.EndsWith("auth success: [user=bob] [service=smtp] [realm=example.com] [mech=sasldb]"));
    }

    [RequiresFact(root: true, program: Postfix)]
    public async Task Postfix_with_smtpd_sasl_type_cyrus_and_the_stock_fail2ban_filter()
    {
        using var place = new TemporaryDirectory();
        var port = RunningPostfix.FreePort();
        // Debian's Postfix looks for it beside main.cf, whatever cyrus_sasl_config_path says.
        Directory.CreateDirectory(place["conf/sasl"]);
        File.Copy(_directory["sasl2/smtpd.conf"], place["conf/sasl/smtpd.conf"]);
        await using var postfix = await RunningPostfix.StartAsync(place, $"""
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = cyrus
            smtpd_sasl_path = smtpd
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            smtpd_error_sleep_time = 0
            """, $"127.0.0.1:{port}");
        await Dialogue.PlayAsync(await ConnectAsync(port), $"""
            S: 220 *
            C: EHLO me
            S: 250-*
            S: 250-PIPELINING
            S: 250-SIZE *
            S: 250-VRFY
            S: 250-ETRN
            S: 250-AUTH PLAIN LOGIN
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250-SMTPUTF8
            S: 250 CHUNKING
            C: AUTH PLAIN {Base64("\0bob\0falsch")}
            S: 535 5.7.8 Error: authentication failed: *
            C: AUTH LOGIN {Base64("nobody")}
            S: 334 *
            C: {Base64("geheim")}
            S: 535 5.7.8 Error: authentication failed: *
            C: AUTH PLAIN {Base64("\0bob@example.com\0anders")}
            S: 235 2.7.0 Authentication successful
            C: QUIT
            S: 221 *
            """, Pace.ByLine);
        await Eventually.TrueAsync(() => postfix.Log.Contains("disconnect from"), "it is logged");
        await AssertMatchedAsync(postfix.Log.Split('\n').Where(l => l.Contains("/smtpd[")), "/etc/fail2ban/filter.d/postfix.conf[mode=auth]", 2);
    }

    [RequiresFact(root: true, program: Exim, mounts: true)]
    public async Task Exims_saslauthd_condition_and_the_stock_fail2ban_filter()
    {
        var port = RunningPostfix.FreePort();
        Directory.CreateDirectory(_directory["spool"]);
        Files.ChangeMode(_directory["spool"], 0x1FF);
        await File.WriteAllTextAsync(_directory["exim.conf"], $"""
            keep_environment =
            primary_hostname = test.example
            spool_directory = {_directory["spool"]}
            log_file_path = {_directory["spool/%slog"]}
            acl_smtp_auth = accept
            pid_file_path = {_directory["spool/pid"]}
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {port}
            auth_advertise_hosts = *
            tls_advertise_hosts =
            begin authenticators
            plain:
              driver = plaintext
              public_name = PLAIN
              server_prompts = :
              server_condition = {"${if saslauthd{{$auth2}{$auth3}{smtp}}{1}{0}}"}
              server_set_id = $auth2

            """);
        Files.ChangeMode(_directory["exim.conf"], 0x1A4);
        // Its path is compiled in.
        using var exim = Process.Start(new ProcessStartInfo("unshare",
            ["-m", "/bin/sh", "-c", "mkdir -p /run/saslauthd && mount --bind \"$0\" /run/saslauthd && exec \"$@\"", _directory["run"], Path.Combine(Binaries.Root, Exim), "-C", _directory["exim.conf"], "-bdf"]))!;
        try
        {
            await Dialogue.PlayAsync(await ConnectAsync(port), $"""
                S: 220 *
                C: EHLO me
                S: 250-*
                S: 250-SIZE *
                S: 250-8BITMIME
                S: 250-PIPELINING
                S: 250-PIPECONNECT
                S: 250-AUTH PLAIN
                S: 250-CHUNKING
                S: 250-SMTPUTF8
                S: 250 HELP
                C: AUTH PLAIN {Base64("\0bob\0falsch")}
                S: 535 Incorrect authentication data
                C: AUTH PLAIN {Base64("\0bob\0geheim")}
                S: 235 Authentication succeeded
                C: QUIT
                S: 221 *
                """, Pace.ByLine);
        }
        finally
        {
            exim.Kill();
            await exim.WaitForExitAsync();
        }
        Assert.Contains(_daemon.Lines, l => l.EndsWith("auth success: [user=bob] [service=smtp] [realm=] [mech=sasldb]"));
        await AssertMatchedAsync(await File.ReadAllLinesAsync(_directory["spool/mainlog"]), "/etc/fail2ban/filter.d/exim.conf", 1);
    }

    [RequiresFact(root: true, program: Slapd, mounts: true)]
    public async Task OpenLDAPs_pass_through_of_simple_binds()
    {
        var port = RunningPostfix.FreePort();
        Directory.CreateDirectory(_directory["data"]);
        await File.WriteAllTextAsync(_directory["slapd.conf"], $"""
            include /etc/ldap/schema/core.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            pidfile {_directory["slapd.pid"]}
            database mdb
            suffix dc=example
            directory {_directory["data"]}

            """);
        await File.WriteAllTextAsync(_directory["data.ldif"], """
            dn: dc=example
            objectClass: organization
            objectClass: dcObject
            o: example
            dc: example

            dn: uid=bob,dc=example
            objectClass: person
            objectClass: uidObject
            uid: bob
            cn: Bob
            sn: Bob
            userPassword: {SASL}bob@example.com

            """);
        var made = await Command.RunAsync("/usr/sbin/slapadd", ["-f", _directory["slapd.conf"], "-l", _directory["data.ldif"]]);
        Assert.True(made.ExitCode == 0, made.Error);
        // It looks for its configuration of SASL there and nowhere else.
        using var slapd = Process.Start(new ProcessStartInfo("unshare", ["-m", "/bin/sh", "-c", "mount --bind \"$0\" /etc/ldap/sasl2 && exec \"$@\"", _directory["sasl2"],
            Slapd, "-d", "0", "-f", _directory["slapd.conf"], "-h", $"ldap://127.0.0.1:{port}"]))!;
        try
        {
            await Eventually.TrueAsync(async () => (await BindAsync(port, "anders")).ExitCode == 0, "bob binds");
            Assert.Equal("dn:uid=bob,dc=example\n", (await BindAsync(port, "anders")).Output);
            Assert.Contains("Invalid credentials (49)", (await BindAsync(port, "geheim")).Error);
            Assert.Contains(_daemon.Lines, l => l.EndsWith("auth failure: [user=bob] [service=ldap] [realm=example.com] [mech=sasldb] [reason=Incorrect password]"));
        }
        finally
        {
            slapd.Kill();
            await slapd.WaitForExitAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _directory.Dispose();
    }

    static Task<Command> BindAsync(int port, string password) =>
        Command.RunAsync("/usr/bin/ldapwhoami", ["-x", "-H", $"ldap://127.0.0.1:{port}", "-D", "uid=bob,dc=example", "-w", password]);

    /// <summary>How many of the lines Debian's filter takes for a failed login.</summary>
    async Task AssertMatchedAsync(IEnumerable<string> lines, string filter, int count)
    {
        if (!File.Exists(Fail2Ban))
            return;
        await File.WriteAllLinesAsync(_directory["log"], lines);
        var report = await Command.RunAsync(Fail2Ban, [_directory["log"], filter]);
        Assert.True(report.Output.Contains($" lines, 0 ignored, {count} matched, "), report.Output + await File.ReadAllTextAsync(_directory["log"]));
    }

    static async Task<NetworkStream> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                return false;
            }
        }, "it listens");
        return new NetworkStream(socket, ownsSocket: true);
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
