using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>Nobody who reads a log, a process list or a core dump learns a password, nor the hash of one.</summary>
public sealed class NoSecretsTests : IDisposable
{
    const string Secret = "Kolibri-4711-Zuckerguss", Wrong = "Wombat-0815-Lakritz";

    readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Saslauthd_at_its_most_talkative()
    {
        var database = new Sasldb(_directory["secrets.db"]);
        database.Create();
        var hash = PasswordScheme.Make("SHA256-CRYPT", Encoding.UTF8.GetBytes(Secret))!;
        database.TryAdd("bob", "", hash);
        database.TryAdd("plain", "", $"{{PLAIN}}{Secret}");
        database.TryAdd("odd", "", $"{{ROT13}}{Secret}");
        await using var daemon = await RunningDaemon.StartAsync(_directory["run"], "-V", "-c", "-a", "sasldb,shadow", "-O", database.Path);
        foreach (var user in new[] { "bob", "bob", "plain", "odd", "nobody-here", "root" })
        {
            await daemon.AskAsync(user, Secret, "", "192.0.2.7;25");
            await daemon.AskAsync(user, Wrong);
        }
        foreach (var bytes in Broken())
        {
            using var client = await daemon.ConnectAsync();
            await client.SendAsync(bytes);
            client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            await client.ReceiveAsync(new byte[200]).WaitAsync(TimeSpan.FromSeconds(20));
        }
        // A file that is no database any more: the error tells of the file alone.
        await File.WriteAllTextAsync(database.Path, Secret + new string('x', 5000));
        await daemon.AskAsync("bob", Secret + "2");
        Search.NotInProcess(daemon.Pid);
        await daemon.StopAsync();
        var said = string.Join('\n', daemon.Lines);
        Assert.Contains("auth success (cached): [user=bob]", said);
        Assert.Contains("auth failure: [user=root]", said);
        Assert.Contains("exceeded MAX_REQ_LEN", said);
        Search.NotIn("the log", said);
        new SecretSearch(Wrong).NotIn("the log", said);
        new SecretSearch(hash.Split('$')[^1]).NotIn("the log", said);
    }

    [Fact]
    public async Task Testsaslauthd_that_asks_for_the_password()
    {
        using var listener = Sasl.Hosting.Unix.UnixSockets.Listen(_directory["mux"], 0x1FF);
        var running = Command.RunAsync("/bin/sh",
            ["-c", "echo $$ >\"$0\"; exec \"$1\" -u bob -f \"$2\"", _directory["pid"], Command.Ours("testsaslauthd"), _directory["mux"]], $"{Secret}\n");
        using var socket = await listener.AcceptAsync();
        var buffer = new byte[1000];
        var count = await socket.ReceiveAsync(buffer);
        Assert.Contains(Secret, Encoding.UTF8.GetString(buffer, 0, count));
        var pid = int.Parse(await File.ReadAllTextAsync(_directory["pid"]));
        Search.NotInProcess(pid);
        await socket.SendAsync(ReplyCodec.Encode("NO " + Secret));
        var done = await running;
        Search.NotIn("the output", done.Output + done.Error);
    }

    static SecretSearch Search => new(Secret, "bob");

    static IEnumerable<byte[]> Broken()
    {
        var good = RequestCodec.Encode(new("bob", Encoding.UTF8.GetBytes(Secret), "imap", ""))!;
        yield return good[..^6];
        yield return RequestCodec.Encode(new("bob", Encoding.UTF8.GetBytes($"{Secret}\0x"), "imap", ""))!;
        yield return RequestCodec.Encode(new("bob", Encoding.UTF8.GetBytes(Secret + new string('x', 300)), "imap", ""))!;
        yield return RequestCodec.Encode(new("bob", Encoding.UTF8.GetBytes(Secret), "imap", new string('x', 300)))!;
        yield return Encoding.UTF8.GetBytes(Secret);
    }

    public void Dispose() => _directory.Dispose();
}
