using System.Text;
using AuthServer.Audit;
using AuthServer.Logins;
using AuthServer.Tests.Peers;
using Sasl.Credentials;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;
using Sasl.Protocols.Audit;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Audit;

public sealed class AuditTrailTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly CapturedLog _log = new();
    readonly SteppedTime _time = new();

    public void Dispose() => _directory.Dispose();

    string Log => _directory["audit.log"];

    AuditWriter Writer(long largest = 0, string? path = null) => new(path ?? Log, _directory.Path, largest);

    static AuditEntry Entry(string user) => new() { User = user, Result = "ok", Time = DateTimeOffset.UtcNow };

    AuditChain Verify(params string[] files)
    {
        var chain = new AuditChain(File.ReadAllBytes(_directory[AuditHead.KeyName]));
        foreach (var file in files.Length == 0 ? [Log] : files)
        {
            var number = 0;
            foreach (var line in File.ReadAllText(file).TrimEnd('\n').Split('\n'))
                chain.Add(Encoding.UTF8.GetBytes(line), $"{Path.GetFileName(file)}:{++number}");
        }
        chain.End(AuditHead.TryParse(File.ReadAllBytes(_directory[AuditHead.FileName])), "end");
        return chain;
    }

    [Fact]
    public void The_chain_goes_on_over_restarts()
    {
        for (var run = 0; run < 3; run++)
        {
            using var writer = Writer();
            Assert.Empty(writer.Append([Entry("a"), Entry("b")]));
            Assert.Empty(writer.Append([Entry("c")]));
        }
        var chain = Verify();
        Assert.Equal((0, 9, 9), (chain.Findings.Count, chain.Genuine, chain.Last));
        Assert.All(Directory.GetFiles(_directory.Path), f => Assert.Equal(0x180u, Files.Status(f)!.Value.Permissions));
    }

    [Fact]
    public void Two_processes_at_a_reload_make_one_chain()
    {
        using AuditWriter old = Writer(), young = Writer();
        for (var i = 0; i < 5; i++)
        {
            Assert.Empty(old.Append([Entry("old")]));
            Assert.Empty(young.Append([Entry("young"), Entry("young")]));
        }
        Assert.Equal((0, 15L), (Verify().Findings.Count, Verify().Genuine));
    }

    [Fact]
    public void A_line_cut_short_by_a_crash_is_noted_and_the_chain_goes_on()
    {
        using (var writer = Writer())
            writer.Append([Entry("a"), Entry("b")]);
        File.AppendAllText(Log, "{\"seq\":3,\"time\":\"20");
        using (var writer = Writer())
            Assert.Empty(writer.Append([Entry("c")]));
        var chain = Verify();
        Assert.Equal(["audit.log:3: a line that a crash has cut short"], chain.Findings.Select(f => $"{f.Place}: {f.What}"));
        Assert.Equal((3, 3), (chain.Genuine, chain.Last));
    }

    [Fact]
    public void Large_files_are_put_aside_and_the_chain_leads_through_them()
    {
        using var writer = Writer(largest: 1000);
        for (var i = 0; i < 60; i++)
            writer.Append([Entry($"user{i}")]);
        var files = Enumerable.Range(0, 9).Select(n => n == 0 ? Log : $"{Log}.{n}").ToArray();
        Assert.Equal(files.Order(), Directory.GetFiles(_directory.Path, "audit.log*").Order());
        Assert.All(files, f => Assert.InRange(new FileInfo(f).Length, 1, 1500));
        var chain = Verify([.. files.Reverse()]);
        Assert.Equal([false], chain.Findings.Select(f => f.IsWrong));
        Assert.Equal(60, chain.Last);
    }

    [Fact]
    public void Somebody_else_may_rotate_it()
    {
        using var writer = Writer();
        writer.Append([Entry("a")]);
        File.Move(Log, _directory["old"]);
        Assert.Empty(writer.Append([Entry("b")]));
        Assert.Empty(Verify(_directory["old"], Log).Findings);
    }

    [Fact]
    public void Log_tampering_the_server_itself_tells_when_its_log_was_cut()
    {
        using (var writer = Writer())
            writer.Append([Entry("a"), Entry("b"), Entry("c")]);
        var lines = File.ReadAllLines(Log);
        File.WriteAllText(Log, lines[0] + "\n");
        using (var writer = Writer())
            Assert.Equal(["lines were cut off its end: 3 were written, and 1 is the last"], writer.Append([Entry("d")]));
        Assert.Equal(["lines 2 to 3 are missing before line 4"], Verify().Findings.Select(f => f.What));
        File.WriteAllText(Log, "nothing\n");
        using (var writer = Writer())
            Assert.Equal(["it ends in lines that the auth server has not written"], writer.Append([Entry("e")]));
    }

    [RequiresFact(root: true)]
    public async Task A_full_disk_stops_no_login_and_what_was_lost_is_counted()
    {
        Directory.CreateDirectory(_directory["disk"]);
        await RunningPostfix.RunAsync("mount", "-t", "tmpfs", "-o", "size=16k", "none", _directory["disk"]);
        try
        {
            var path = _directory["disk/audit.log"];
            using var workers = new HashWorkers(1);
            using var trail = new AuditTrail(workers, _log, _time);
            trail.Use(Writer(path: path));
            using var stop = new CancellationTokenSource();
            trail.Begin();
            _time.Haste = 100;
            var running = trail.RunAsync(stop.Token);
            for (var i = 0; i < 2000; i++)
                trail.Decided(Decision("alice"));
            await Eventually.TrueAsync(() => _log.Lines.Any(l => l.Contains("cannot be written")), "the disk is full");
            Assert.Single(_log.Lines);
            File.WriteAllText(_directory["disk/more"], "");
            await RunningPostfix.RunAsync("mount", "-o", "remount,size=4m", "none", _directory["disk"]);
            await Eventually.TrueAsync(() =>
            {
                trail.Decided(Decision("bob"));
                return _log.Lines.Any(l => l.Contains("is written again"));
            }, "the disk has room");
            await stop.CancelAsync();
            await running;
            var chain = Verify(path);
            Assert.Empty(chain.Findings);
            var lost = File.ReadAllLines(path).Select(l => AuditLine.TryParse(Encoding.ASCII.GetBytes(l), File.ReadAllBytes(_directory[AuditHead.KeyName]))!.Entry).Where(e => e.Event == AuditEntry.Lost);
            Assert.True(lost.Sum(e => e.Count) > 0);
        }
        finally
        {
            await RunningPostfix.RunAsync("umount", _directory["disk"]);
        }
    }

    [Fact]
    public async Task A_queue_that_is_full_loses_events_and_holds_up_nobody()
    {
        using var trail = new AuditTrail(HashWorkers.Inline, _log, _time);
        trail.Use(Writer());
        for (var i = 0; i < 20_000; i++)
            trail.Decided(Decision("alice"));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await trail.RunAsync(stop.Token);
        var entries = File.ReadAllLines(Log).Select(l => AuditLine.TryParse(Encoding.ASCII.GetBytes(l), File.ReadAllBytes(_directory[AuditHead.KeyName]))!.Entry).ToArray();
        Assert.Equal(20_000 + 1, entries.Count(e => e.Event == AuditEntry.Login) + entries.Sum(e => e.Count));
        Assert.Empty(Verify().Findings);
    }

    static LoginDecision Decision(string user)
    {
        var origin = new LoginOrigin("imap", "192.0.2.1", "s1") { Mechanism = "PLAIN", Parameters = ["secured=tls"] };
        return new(new(user, user, origin) { Source = "sql" }, origin, user, null, "", TimeSpan.FromMilliseconds(3));
    }

    /// <summary>The program itself: each kind of end is one event, killed or not, and neither passwords nor line ends get in.</summary>
    [Fact]
    public async Task Each_decision_is_one_event_with_who_what_where_and_why()
    {
        await using var server = await RunningServer.StartedAsync();
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            await LogInAsync(client, "alice", TestServer.Password);
            await LogInAsync(client, "ALICE", "wrong-password");
            await LogInAsync(client, "bob\r\n\u001b[2J{\"seq\":1}", "wrong-password");
            await LogInAsync(client, "no\"body", "wrong-password");
        }
        await server.StopAsync();
        var key = File.ReadAllBytes(server["state/audit.key"]);
        var text = File.ReadAllText(server["state/audit.log"]);
        var entries = text.TrimEnd('\n').Split('\n').Select(l => AuditLine.TryParse(Encoding.ASCII.GetBytes(l), key)!).ToArray();
        Assert.All(entries, e => Assert.True(e.IsGenuine));
        Assert.Equal(
        [
            "start", "login ok alice 192.0.2.1 imap PLAIN tls sasldb s1", "login refused alice ALICE 192.0.2.1 imap PLAIN tls sasldb s1 Password mismatch",
            "login refused bob\r\n\u001b[2J{\"seq\":1} 192.0.2.1 imap PLAIN tls s1 username contains a control character",
            "login refused no\"body 192.0.2.1 imap PLAIN tls s1 username character disallowed by auth_username_chars: 0x22", "stop",
        ], entries.Select(e => e.Entry).Select(e => string.Join(' ', new[] { e.Event, e.Result, e.User, e.Given, e.Address, e.Service, e.Mechanism, e.Security, e.Passdb, e.Session, e.Reason }
            .Where(w => w.Length > 0))));
        Assert.DoesNotContain(TestServer.Password, text);
        Assert.DoesNotContain("wrong-password", text);
        Assert.DoesNotContain("\u001b", text);
    }

    static Task<AuthResult> LogInAsync(AuthClient client, string user, string password) => client.AuthenticateAsync("PLAIN",
        new("imap") { RemoteAddress = "192.0.2.1", Session = "s1", IsTls = true, NoLogin = true, InitialResponse = Encoding.ASCII.GetBytes(TestServer.Plain(user, password)) },
        _ => throw new InvalidOperationException(), default);
}
