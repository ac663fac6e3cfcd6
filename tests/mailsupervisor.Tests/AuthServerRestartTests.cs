using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Peers;
using MailSupervisor.House;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;
using Xunit.Abstractions;

namespace mailsupervisor.Tests;

/// <summary>The real auth server under the real supervisor, with a real Postfix in front of it whose clients never pause.</summary>
public sealed class AuthServerRestartTests(ITestOutputHelper output) : IAsyncLifetime
{
    const string Postfix = "/usr/sbin/postfix", Message = "AGFsaWNlAHdvbmRlcmxhbmQ=";

    readonly TestHouse _house = new();
    readonly ConcurrentDictionary<string, int> _replies = new();
    readonly ConcurrentQueue<string> _broken = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _house.DisposeAsync();

    string Socket => _house["auth"];

    ChildPlan Plan(string delay)
    {
        if (!File.Exists(_house["secrets.db"]))
        {
            var secrets = new Sasldb(_house["secrets.db"]);
            secrets.Create();
            secrets.Set("alice", "", Sasldb.PasswordKind, "{PLAIN}wonderland");
            Files.ChangeOwner(secrets.Path, TestHouse.ChildIdentity.Uid!.Value, TestHouse.ChildIdentity.Gid!.Value);
        }
        var settings = new AuthServerSettings { Passdbs = [new("sasldb", _house["secrets.db"])] }
            .With(DovecotConf.AuthMechanisms, "plain login").With(DovecotConf.AuthFailureDelay, delay).With(DovecotConf.AuthStateDir, "");
        return new("auth", "authserver", "auth", TestHouse.ChildIdentity, ChildRights.None,
            [new("auth", Socket, 0x1B6, null, null, new AuthListener(AuthListenerType.Client, 0x1B6).ToOptions())],
            new Dictionary<string, string> { [AuthServerSettings.ConfigurationName] = settings.ToText() }) { MayOverlap = true };
    }

    [RequiresFact(root: true, program: Postfix)]
    public async Task A_reload_costs_a_Postfix_under_load_nothing_and_a_kill_no_session_and_no_wrong_no()
    {
        await _house.Supervisor.ReloadAsync(_house.PlanOf(Plan("0")));
        await using var postfix = await RealPostfix.StartAsync(Socket);
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(i => Task.Run(() => LoopAsync(postfix, isPlain: i % 2 == 0, over.Token))).ToArray();
        await ServedAsync(20);
        for (var round = 1; round <= 4; round++)
        {
            var before = ServerPid();
            await _house.Supervisor.ReloadAsync(_house.PlanOf(Plan($"{round} secs")));
            await Eventually.TrueAsync(() => ServerPid() != before, "the successor accepts", TimeSpan.FromSeconds(60));
            await ServedAsync(20);
            await Eventually.TrueAsync(() => !IsAlive(before), "the old one has ended", TimeSpan.FromSeconds(30));
        }
        output.WriteLine(string.Join(", ", _replies));
        output.WriteLine(string.Join("\n", postfix.Log.Split('\n').Where(l => l.Contains("warning", StringComparison.Ordinal)).Take(20)));
        Assert.Equal(["235"], _replies.Keys);
        Assert.Empty(_broken);
        for (var round = 0; round < 3; round++)
        {
            Process.GetProcessById(ServerPid()).Kill();
            await ServedAsync(20);
        }
        await over.CancelAsync();
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(60));
        output.WriteLine(string.Join(", ", _replies));
        Assert.All(_replies.Keys, code => Assert.Contains(code, (string[])["235", "454"]));
        Assert.Empty(_broken);
        Assert.DoesNotContain("fatal", postfix.Log);
    }

    /// <summary>So many more logins succeed.</summary>
    async Task ServedAsync(int count)
    {
        var wanted = _replies.GetValueOrDefault("235") + count;
        await Eventually.TrueAsync(() => _replies.GetValueOrDefault("235") >= wanted, $"{count} more logins", TimeSpan.FromSeconds(90));
    }

    async Task LoopAsync(RealPostfix postfix, bool isPlain, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await postfix.ConnectAsync();
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                await ReplyAsync(reader);
                await SayAsync(client, reader, "EHLO me");
                var reply = isPlain ? await SayAsync(client, reader, $"AUTH PLAIN {Message}") : await LoginAsync(client, reader);
                _replies.AddOrUpdate(reply[..3], 1, (_, n) => n + 1);
                await SayAsync(client, reader, "QUIT");
            }
            catch (Exception lost) when (lost is IOException or SocketException or EndOfStreamException)
            {
                _broken.Enqueue(lost.Message);
            }
        }
    }

    static async Task<string> LoginAsync(TcpClient client, StreamReader reader)
    {
        foreach (var line in (string[])["AUTH LOGIN", "YWxpY2U="])
        {
            if (await SayAsync(client, reader, line) is var reply && !reply.StartsWith("334", StringComparison.Ordinal))
                return reply;
            // A person, or a line with some latency.
            await Task.Delay(20);
        }
        return await SayAsync(client, reader, "d29uZGVybGFuZA==");
    }

    static async Task<string> SayAsync(TcpClient client, StreamReader reader, string line)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        return await ReplyAsync(reader);
    }

    static async Task<string> ReplyAsync(StreamReader reader)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) ?? throw new EndOfStreamException("the session was lost");
            if (line.Length > 3 && line[3] == ' ')
                return line;
        }
    }

    /// <summary>Of the server that accepts now.</summary>
    int ServerPid()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(Socket));
        using var reader = new StreamReader(new NetworkStream(socket));
        while (true)
        {
            if (reader.ReadLine()!.Split('\t') is ["SPID", var pid])
                return int.Parse(pid);
        }
    }

    static bool IsAlive(int pid) => Array.Exists(Process.GetProcesses(), p => p.Id == pid);
}
