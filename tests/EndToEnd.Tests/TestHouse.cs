using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Unix;
using Testing;

namespace EndToEnd.Tests;

/// <summary>
/// The whole house: real saslauthd and real supervisor with all their children, in a directory and on ports of its own. The
/// configuration is what an administrator would write, with this house's ports and paths in it.
/// </summary>
public sealed class TestHouse : IAsyncDisposable
{
    /// <summary>How long a test waits for something that the house does by itself, also on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly TemporaryDirectory _directory = new();
    readonly List<SystemUser> _users = [];
    Process? _saslauthd, _supervisor;

    public TestHouse()
    {
        Files.ChangeMode(_directory.Path, 0x1ED);
        foreach (var name in new[] { "etc", "etc/sasl2", "saslauthd", "spool", "base", "mail" })
            Directory.CreateDirectory(this[name]);
        if (Identity.IsRoot)
        {
            Files.ChangeOwner(this["mail"], 5000, 5000);
            Files.ChangeOwner(this["saslauthd"], 0, Accounts.Find("saslauth")!.Gid);
            Files.ChangeMode(this["saslauthd"], 0x1C8);
        }
        Write("main.cf", $"""
            myhostname = mail.test.example
            mydomain = test.example
            myorigin = $mydomain
            mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks =
            home_mailbox = Maildir/
            alias_maps =
            queue_directory = {this["spool"]}
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = cyrus
            smtpd_sasl_path = smtpd
            smtpd_sasl_security_options = noanonymous
            broken_sasl_auth_clients = yes
            smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
            smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = {this["etc/mail.pem"]}
            """);
        Write("master.cf", $"""
            {Smtp} inet n - n - - smtpd
            {Submission} inet n - n - - smtpd
              -o syslog_name=postfix/submission
              -o smtpd_tls_security_level=encrypt
            {Submissions} inet n - n - - smtpd
              -o smtpd_tls_wrappermode=yes
            """);
        Write("sasl2/smtpd.conf", $"""
            pwcheck_method: saslauthd
            mech_list: PLAIN LOGIN
            saslauthd_path: {this["saslauthd/mux"]}
            """);
        Write("dovecot.conf", $$"""
            protocols = imap pop3 lmtp
            listen = 127.0.0.1
            base_dir = {{this["base"]}}
            auth_state_dir = {{this["auth-state"]}}
            mail_location = maildir:~/Maildir
            ssl = yes
            ssl_cert = <{{this["etc/mail.pem"]}}
            ssl_key = <{{this["etc/mail.pem"]}}
            disable_plaintext_auth = yes
            auth_mechanisms = plain login
            auth_failure_delay = 0
            first_valid_uid = {{(Identity.EffectiveUid is > 0 and < 500 and var low ? low : 500)}}
            passdb {
              driver = saslauthd
              args = {{this["saslauthd/mux"]}}
            }
            userdb {
              driver = static
              args = uid={{VirtualUid}} gid={{VirtualGid}} home={{this["mail"]}}/%u allow_all_users=yes
            }
            service imap-login {
              inet_listener imap {
                port = {{Imap}}
              }
              inet_listener imaps {
                port = {{Imaps}}
                ssl = yes
              }
            }
            service pop3-login {
              inet_listener pop3 {
                port = {{Pop3}}
              }
              inet_listener pop3s {
                port = {{Pop3s}}
                ssl = yes
              }
            }
            """);
    }

    /// <summary>Who owns the mail of users that are no system accounts.</summary>
    public static uint VirtualUid => Identity.IsRoot ? 5000 : Identity.EffectiveUid;

    public static uint VirtualGid => Identity.IsRoot ? 5000 : Identity.EffectiveGid;

    public int Smtp { get; } = FreePort();

    public int Submission { get; } = FreePort();

    public int Submissions { get; } = FreePort();

    public int Imap { get; } = FreePort();

    public int Imaps { get; } = FreePort();

    public int Pop3 { get; } = FreePort();

    public int Pop3s { get; } = FreePort();

    /// <summary>saslauthd's mechanism: sasldb with users of <see cref="AddUserAsync"/>, or shadow with the system's.</summary>
    public string Mechanism { get; set; } = "sasldb";

    /// <summary>Everything runs as this one ordinary uid, as when somebody without root tries the house.</summary>
    public uint? OrdinaryUid { get; set; }

    public string this[string name] => _directory[name];

    public string Log => File.Exists(this["mail.log"]) ? File.ReadAllText(this["mail.log"]) : "";

    public int SupervisorPid => _supervisor!.Id;

    public int SaslauthdPid => _saslauthd!.Id;

    /// <summary>Replaces text in a configuration file; the text must be there.</summary>
    public TestHouse Configure(string file, string old, string @new)
    {
        var path = this[$"etc/{file}"];
        var text = File.ReadAllText(path);
        Assert.Contains(old, text);
        File.WriteAllText(path, text.Replace(old, @new));
        return this;
    }

    public TestHouse Append(string file, string text)
    {
        File.AppendAllText(this[$"etc/{file}"], text + "\n");
        return this;
    }

    /// <summary>The house of the walkthrough: the users are the system's (shadow), each with ~/Maildir, as dovecot.conf says there.</summary>
    public TestHouse WithSystemUsers()
    {
        Mechanism = "shadow";
        return Configure("dovecot.conf", $"driver = static\n  args = uid={VirtualUid} gid={VirtualGid} home={this["mail"]}/%u allow_all_users=yes", "driver = passwd")
            .Configure("dovecot.conf", "driver = saslauthd", "driver = shadow");
    }

    /// <summary>smtpd_sasl_type = dovecot with the socket that dovecot.conf offers, as beside a Postfix.</summary>
    public TestHouse UseDovecotAuth()
    {
        return Configure("main.cf", "smtpd_sasl_type = cyrus", "smtpd_sasl_type = dovecot").Configure("main.cf", "smtpd_sasl_path = smtpd", "smtpd_sasl_path = private/auth")
            .Append("dovecot.conf", $"service auth {{\n  unix_listener {this["spool"]}/private/auth {{\n    mode = 0660\n  }}\n}}");
    }

    public async Task<SystemUser> AddSystemUserAsync(string password = "s3cret pass")
    {
        var user = await SystemUser.CreateAsync(this, password);
        _users.Add(user);
        return user;
    }

    public async Task AddUserAsync(string user, string password)
    {
        var ran = await Run.WithInputAsync(password + "\n", Binaries.Path("mailctl"), "user", "add", "-f", this["etc/sasldb.sqlite"], user);
        Assert.True(ran.Status == 0, ran.All);
    }

    public async Task StartAsync()
    {
        await Run.OkAsync(Binaries.Path("mailctl"), "certificate", "-o", this["etc/mail.pem"], "mail.test.example", "localhost", "127.0.0.1");
        if (OrdinaryUid is { } uid)
            await Run.OkAsync("chown", "-R", $"{uid}:{uid}", _directory.Path);
        string[] options = Mechanism == "sasldb" ? ["-O", this["etc/sasldb.sqlite"]] : [];
        _saslauthd = Launch("saslauthd", "saslauthd.log", ["-d", "-a", Mechanism, .. options, "-m", this["saslauthd"]]);
        await Eventually.TrueAsync(() => File.Exists(this["saslauthd/mux"]), "saslauthd's socket", Patience);
        await StartSupervisorAsync();
    }

    public async Task StartSupervisorAsync()
    {
        var ready = this["ready.sock"];
        File.Delete(ready);
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(ready));
        Files.ChangeMode(ready, 0x1B6);
        _supervisor = Launch("mailsupervisor", "mail.log", ["-c", this["etc"], "--log=stderr"], ready);
        var buffer = new byte[256];
        var said = notify.ReceiveAsync(buffer).WaitAsync(Patience);
        var ended = _supervisor.WaitForExitAsync();
        if (await Task.WhenAny(said, ended) == ended)
            throw new Xunit.Sdk.XunitException($"the supervisor ended with status {_supervisor.ExitCode}\n{Log}");
        try
        {
            Assert.StartsWith("READY=1", System.Text.Encoding.ASCII.GetString(buffer, 0, await said));
        }
        catch (TimeoutException)
        {
            throw new Xunit.Sdk.XunitException($"the house was not ready in {Patience.TotalSeconds} s\n{Log}");
        }
    }

    /// <summary>Sends SIGTERM and returns the exit status.</summary>
    public async Task<int> StopSupervisorAsync()
    {
        Signal(_supervisor!.Id, "TERM");
        await _supervisor.WaitForExitAsync().WaitAsync(Patience);
        return _supervisor.ExitCode;
    }

    public void Reload() => Signal(_supervisor!.Id, "HUP");

    public static void Signal(int pid, string name)
    {
        using var kill = Process.Start("kill", ["-" + name, pid.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>The supervisor's children: pid, real uid and command line.</summary>
    public IReadOnlyList<(int Pid, uint Uid, string CommandLine)> Children()
    {
        var found = new List<(int, uint, string)>();
        foreach (var directory in Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                var status = File.ReadAllLines(Path.Combine(directory, "status"));
                string Field(string name) => status.First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
                if (int.Parse(Field("PPid:")) == _supervisor!.Id)
                    found.Add((int.Parse(Path.GetFileName(directory)), uint.Parse(Field("Uid:").Split('\t')[0]), File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ')));
            }
            catch (IOException)
            {
                // The process ended while we looked.
            }
        }
        return found;
    }

    /// <summary>A plain TCP conversation.</summary>
    /// <param name="from">The client's address: a client with the server's own address counts as secure where another does not.</param>
    public static async Task TalkAsync(int port, string script, Pace pace = Pace.ByLine, string from = "127.0.0.1")
    {
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        await client.ConnectAsync(IPAddress.Loopback, port);
        await Dialogue.PlayAsync(client.GetStream(), script, pace);
    }

    /// <summary>Sends one line after the other, each when something has been answered to the one before, and returns all that the server said to its end.</summary>
    public static async Task<string> SayAsync(int port, params string[] lines)
    {
        using var client = new TcpClient("127.0.0.1", port);
        var (said, block) = (new System.Text.StringBuilder(), new byte[8192]);
        foreach (var line in lines)
        {
            var count = await client.GetStream().ReadAsync(block).AsTask().WaitAsync(Patience);
            said.Append(System.Text.Encoding.Latin1.GetString(block, 0, count));
            await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\r\n"));
        }
        return said + await new StreamReader(client.GetStream(), System.Text.Encoding.Latin1).ReadToEndAsync().WaitAsync(Patience);
    }

    /// <summary>A stranger's mail, as another server would bring it.</summary>
    public Task SendAsync(string recipient, string subject, string from = "stranger@example.org", string body = "text") => TalkAsync(Smtp, $"""
        S: 220 mail.test.example ESMTP *
        C: HELO client.example.org
        S: 250 mail.test.example
        C: MAIL FROM:<{from}>
        S: 250 2.1.0 Ok
        C: RCPT TO:<{recipient}>
        S: 250 2.1.5 Ok
        C: DATA
        S: 354 End data with <CR><LF>.<CR><LF>
        C: From: <{from}>
        C: Subject: {subject}
        C:
        C: {body}
        C: .
        S: 250 2.0.0 Ok: queued as *
        C: QUIT
        S: 221 2.0.0 Bye
        S: [closed]
        """);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _supervisor, _saslauthd })
        {
            if (process is null)
                continue;
            if (!process.HasExited)
            {
                Signal(process.Id, "TERM");
                try
                {
                    await process.WaitForExitAsync().WaitAsync(Patience);
                }
                catch (TimeoutException)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
            process.Dispose();
        }
        // A user's worker is gone by now, so the account can go.
        foreach (var user in _users)
            await user.DisposeAsync();
        _directory.Dispose();
    }

    void Write(string name, string text) => File.WriteAllText(this[$"etc/{name}"], text + "\n");

    /// <summary>Starts a program with its standard error appended to a file.</summary>
    Process Launch(string program, string log, string[] arguments, string? notify = null)
    {
        string[] command = [Binaries.Path(program), .. arguments];
        if (OrdinaryUid is { } uid)
            command = ["setpriv", $"--reuid={uid}", $"--regid={uid}", "--clear-groups", .. command];
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>>\"$HOUSE_LOG\" </dev/null", .. command]);
        start.Environment["HOUSE_LOG"] = this[log];
        start.Environment.Remove("NOTIFY_SOCKET");
        if (notify is not null)
            start.Environment["NOTIFY_SOCKET"] = notify;
        return Process.Start(start)!;
    }

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
