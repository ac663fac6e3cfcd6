using System.Net.Sockets;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>The administrator's tools on a running daemon: saslcache, and testsaslauthd --explain.</summary>
public sealed class ControlTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly string[] _mechanism;
    readonly string _hash = PasswordScheme.Make("SHA256-CRYPT", "geheim"u8)!;

    public ControlTests()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        foreach (var user in new[] { "bob", "eve", "bob@example.com", "odd\"name" })
            database.TryAdd(user, "", _hash);
        database.TryAdd("bob", "example.com", _hash);
        database.TryAdd("bob@example.com", "example.com", _hash);
        database.TryAdd("bob", "other.example", _hash);
        _mechanism = ["-a", "sasldb", "-O", _directory["secrets.db"]];
        File.CreateSymbolicLink(_directory["saslcache"], Command.Ours("testsaslauthd"));
    }

    string Run => _directory["run"];

    string Control => _directory["run/control"];

    [Fact]
    public async Task Statistics_in_the_words_of_Cyrus_and_more()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c", "-s", "10", "-t", "60"]);
        Assert.Equal(0x180u, Files.Status(Control)!.Value.Permissions);
        foreach (var password in new[] { "geheim", "geheim", "geheim", "falsch" })
            await daemon.AskAsync("bob", password);
        var said = "";
        // The daemon sees some at a time that its clients have gone.
        await Eventually.TrueAsync(async () => (said = (await CacheAsync("-s")).Output).Contains("_connections_active 0\n"), "the clients have gone");
        foreach (var line in new[]
        {
            "timeout (seconds)           :  60", "total slots allocated       :  106", "slots in use                :  1", "hits*                       :  2",
            "misses*                     :  2", "total lookup attempts*      :  4", "hit ratio*                  :  50.00", "gone for want of room*      :  0",
            "requests under way          :  0",
        })
            Assert.Contains($"\n  {line}\n", said);
        Assert.Matches(@"\n  workers of sasldb           :  [12] \(\d free places, 0 requests waiting\)\n", said);
        Assert.Contains("mail_saslauthd_requests_total{mechanism=\"cache\",outcome=\"ok\"} 2", said);
        Assert.Contains("mail_saslauthd_requests_total{mechanism=\"sasldb\",outcome=\"refused\"} 1", said);
        // As Cyrus' -m has it: the file that lies there no more.
        Assert.Equal(said, (await Command.RunAsync(_directory["saslcache"], ["-m", _directory["run/cache.mmap"], "-s"])).Output);
        // The tools are no clients.
        Assert.Contains("outcome=\"accepted\"} 4\n", said);
    }

    [Fact]
    public async Task A_dump_tells_who_and_when_and_never_a_hash_or_a_password()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c"]);
        await daemon.AskAsync("bob", "geheim", "example.com");
        await daemon.AskAsync("odd\"name", "geheim");
        await daemon.AskAsync("eve", "falsch");
        var dump = (await CacheAsync("-d")).Output;
        Assert.Matches("^\"user\",\"realm\",\"service\",\"created\",\"created_localtime\"\n\"bob\",\"example.com\",\"smtp\",\"\\d{10}\",\"[^\"]* 20\\d\\d\"\n\"odd\"\"name\",\"\",\"smtp\",\"\\d{10}\",\"[^\"]*\"\n$", dump);
        Assert.DoesNotContain("geheim", dump);
        Assert.DoesNotContain("$5$", dump);
    }

    [Fact]
    public async Task Flush_all_or_one_user_in_one_realm_or_in_every()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c"]);
        async Task FillAsync()
        {
            foreach (var (user, realm) in new[] { ("bob", ""), ("bob", "example.com"), ("bob", "other.example"), ("bob@example.com", ""), ("eve", "") })
                Assert.Equal("OK", await daemon.AskAsync(user, "geheim", realm));
        }
        async Task<string> LeftAsync() => string.Join(' ', (await CacheAsync("-d")).Output.Split('\n')[1..^1].Select(l => l.Split('"')).Select(f => $"{f[1]}/{f[3]}"));

        await FillAsync();
        Assert.Equal("1 forgotten\n", (await CacheAsync("-f", "-u", "bob", "-r", "other.example")).Output);
        Assert.Equal("bob/ bob/example.com bob@example.com/ eve/", await LeftAsync());
        Assert.Equal("2 forgotten\n", (await CacheAsync("-f", "-u", "bob@example.com")).Output);
        Assert.Equal("bob/ eve/", await LeftAsync());
        Assert.Equal("1 forgotten\n", (await CacheAsync("-f", "-u", "bob")).Output);
        Assert.Equal("eve/", await LeftAsync());
        await FillAsync();
        Assert.Equal("5 forgotten\n", (await CacheAsync("-f")).Output);
        Assert.Equal("", await LeftAsync());
    }

    [Fact]
    public async Task With_r_a_user_is_flushed_under_the_login_that_carries_the_realm()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c", "-r"]);
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim", "example.com"));
        Assert.Contains("\"bob@example.com\",\"example.com\"", (await CacheAsync("-d")).Output);
        Assert.Equal("0 forgotten\n", (await CacheAsync("-f", "-u", "bob", "-r", "elsewhere")).Output);
        Assert.Equal("1 forgotten\n", (await CacheAsync("-f", "-u", "bob", "-r", "example.com")).Output);
    }

    [Theory]
    [InlineData("", 1, "usage: saslcache")]
    [InlineData("-s -d", 1, "usage: saslcache")]
    [InlineData("-s -u bob", 1, "usage: saslcache")]
    [InlineData("-f -r x", 1, "usage: saslcache")]
    [InlineData("-d", 1, "there is no cache: saslauthd was started without -c")]
    [InlineData("-f", 1, "there is no cache: saslauthd was started without -c")]
    public async Task What_cannot_be_done_is_said(string line, int exitCode, string error)
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        var done = await CacheAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((exitCode, ""), (done.ExitCode, done.Output));
        Assert.Contains(error, done.Error);
    }

    [Fact]
    public async Task Without_a_daemon_it_is_said_where_it_was_looked_for()
    {
        Directory.CreateDirectory(Run);
        Assert.Equal(new(1, "", $"saslcache: {Control}: No such file or directory\n"), await CacheAsync("-s"));
    }

    [Fact]
    public async Task Explain_tells_each_step_and_the_reply_and_no_secret()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c", "-r"]);
        var wrong = await ExplainAsync("falsch", "-u", "bob", "-r", "example.com", "-s", "smtp");
        Assert.Equal(255, wrong.ExitCode);
        Assert.Matches("""
            ^0: 
               login "bob@example.com", realm "example.com", service "smtp" \(-r: the realm is appended to the login\)
               cache: not known, the mechanisms are asked
               limits: 0 other requests are under way or waiting
               sasldb: asking worker process \d+
            (   .*
            )*   sasldb: refused \(Incorrect password\)
               reply to the caller: NO authentication failed
            NO "authentication failed"
            $
            """.ReplaceLineEndings("\n"), wrong.Output);
        var right = await ExplainAsync("geheim", "-u", "bob", "-r", "example.com", "-s", "smtp");
        Assert.Equal(0, right.ExitCode);
        Assert.EndsWith("   sasldb: ok\n   reply to the caller: OK\nOK \"Success.\"\n", right.Output);
        var again = await ExplainAsync("geheim", "-u", "bob", "-r", "example.com", "-s", "smtp");
        Assert.Contains("cache: this password was right before, and nothing has changed since", again.Output);
        foreach (var said in new[] { wrong.Output, right.Output, again.Output })
        {
            Assert.DoesNotContain("geheim", said);
            Assert.DoesNotContain("falsch", said);
            Assert.DoesNotContain(_hash, said);
        }
    }

    [Fact]
    public async Task Explain_tells_what_is_refused_before_anybody_is_asked_and_moves_no_terminal()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, _mechanism);
        Assert.Contains("the request is refused before anybody is asked: NULL password received\n   reply to the caller: NO NULL password received\n", (await ExplainAsync("", "-u", "bob")).Output);
        var escape = await ExplainAsync("x", "-u", "bob\u001b[2J");
        Assert.Contains("the login has a control character in it: nobody is asked", escape.Output);
        Assert.DoesNotContain('\u001b', escape.Output);
    }

    [RequiresFact(root: true)]
    public async Task Attack_the_control_socket_serves_nobody_else_even_when_its_mode_lets_him_in()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c"]);
        await daemon.AskAsync("bob", "geheim");
        Files.ChangeMode(_directory.Path, 0x1ED);
        Files.ChangeMode(Control, 0x1FF);
        var asked = await Command.RunAsync("/usr/bin/setpriv", ["--reuid=games", "--regid=games", "--clear-groups",
            "/bin/sh", "-c", $"printf D | timeout 10 nc -N -U {Control}"]);
        Assert.Equal("", asked.Output);
        Assert.Contains("\"bob\"", (await CacheAsync("-d")).Output);
    }

    [Fact]
    public async Task Nonsense_and_silence_on_the_control_socket_hold_up_nobody()
    {
        await using var daemon = await RunningDaemon.StartAsync(Run, [.. _mechanism, "-c"]);
        using var silent = await UnixSockets.ConnectAsync(Control, default);
        foreach (var nonsense in new[] { "", "X", "F\0", "F\0\u0005bob", "SS", "E", "E\0\u0003bob" })
        {
            using var socket = await UnixSockets.ConnectAsync(Control, default);
            await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(nonsense));
            socket.Shutdown(SocketShutdown.Send);
            var reply = new byte[200];
            var count = await socket.ReceiveAsync(reply).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal("the request makes no sense", ControlReply.Parse(reply.AsSpan(0, count))?.Problem);
        }
        Assert.Equal("OK", await daemon.AskAsync("bob", "geheim"));
        Assert.Equal(0, (await CacheAsync("-s")).ExitCode);
    }

    Task<Command> CacheAsync(params string[] arguments) => Command.RunAsync(_directory["saslcache"], ["-m", Run, .. arguments]);

    Task<Command> ExplainAsync(string password, params string[] arguments) =>
        Command.RunAsync(Command.Ours("testsaslauthd"), ["--explain", "-f", _directory["run/mux"], .. arguments], password + "\n");

    public void Dispose() => _directory.Dispose();
}
