using System.Diagnostics;
using System.Net.Sockets;
using MailServers.Queue.Store;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;
using Testing;

namespace MailServers.Tests.Queue;

/// <summary>The real program in the queue role, under a supervisor that the test plays, killed with SIGKILL while clients submit.</summary>
public sealed class CrashTests
{
    const uint Nobody = 65534;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_by_kill_9()
    {
        using var directory = new TemporaryDirectory();
        Prepare(directory);
        var acknowledged = new HashSet<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var queue = await RunningQueue.StartAsync(directory);
            var clients = Enumerable.Range(0, 16).Select(i => queue.SubmitUntilDeadAsync(i, acknowledged)).ToArray();
            // Killed at a different place each time: somewhere in the stream of commits.
            await Eventually.TrueAsync(() => { lock (acknowledged) return acknowledged.Count >= (round + 1) * 60 + round * 7; }, "enough mail was taken", TimeSpan.FromSeconds(60));
            queue.Kill();
            await Task.WhenAll(clients);
        }
        using var store = QueueDirectory.Open(directory["spool"], TimeProvider.System);
        Assert.Empty(Directory.GetFiles(directory["spool/incoming"]));
        var found = store.Scan().Select(m => m.Id).ToHashSet();
        Assert.Empty(acknowledged.Except(found));
        foreach (var id in found)
        {
            var message = store.Load(id, out var damaged);
            Assert.False(damaged);
            var text = new StreamReader(store.OpenText(message!)).ReadToEnd();
            Assert.EndsWith("the end\r\n", text);
        }
        Console.WriteLine($"crash test: {acknowledged.Count} acknowledged, {found.Count} found");
    }

    [Fact]
    public async Task The_queue_role_delivers_through_its_supervisor_and_drains()
    {
        using var directory = new TemporaryDirectory();
        Prepare(directory);
        await using var queue = await RunningQueue.StartAsync(directory, deliver: true);
        var acknowledged = new HashSet<string>();
        await queue.SubmitOneAsync(0, 0, acknowledged);
        await Eventually.TrueAsync(() => queue.Delivered.Count == 1, "the worker got it");
        Assert.Contains("the end", queue.Delivered.First());
        await Eventually.TrueAsync(() => Directory.GetFiles(directory["spool/queue"]).Length == 0, "the queue is empty");
        Assert.Equal(0, await queue.DrainAsync());
    }

    static void Prepare(TemporaryDirectory directory)
    {
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0x1FF);
        Directory.CreateDirectory(directory["spool"]);
        if (Identity.IsRoot)
            Files.ChangeOwner(directory["spool"], Nobody, Nobody);
    }

    sealed class RunningQueue : IAsyncDisposable
    {
        readonly Process _process;
        readonly SupervisionChannel _channel;
        readonly Socket _listener;
        readonly string _socketPath;

        RunningQueue(Process process, SupervisionChannel channel, Socket listener, string socketPath) =>
            (_process, _channel, _listener, _socketPath) = (process, channel, listener, socketPath);

        public System.Collections.Concurrent.ConcurrentQueue<string> Delivered { get; } = new();

        public static async Task<RunningQueue> StartAsync(TemporaryDirectory directory, bool deliver = false)
        {
            var channelPath = directory["supervisor"];
            File.Delete(channelPath);
            using var supervisor = UnixSockets.Listen(channelPath, 0x1B6, type: SocketType.Seqpacket);
            var listener = UnixSockets.Listen(directory["queue.sock"], 0x1B6);
            uint? uid = Identity.IsRoot ? Nobody : null;
            var arguments = new ChildArguments("queue", channelPath, LogTarget.StandardError, uid, uid, []).ToArguments();
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mailservers.dll"), .. arguments]) { RedirectStandardError = true };
            var process = Process.Start(start)!;
            var log = new System.Text.StringBuilder();
            process.ErrorDataReceived += (_, line) => { lock (log) log.AppendLine(line.Data); };
            process.BeginErrorReadLine();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var channel = new SupervisionChannel(await supervisor.AcceptAsync(patience.Token));
            await channel.SendConfigAsync("main.cf", "myhostname=mx.example.org\nmydestination=example.org\nalias_maps=\n" + (deliver ? "" : "local_transport=retry:4.0.0 wait\n"));
            await channel.SendConfigAsync("path:queue-directory", directory["spool"]);
            await channel.SendAsync([Verb.Listener, "queue"], listener.SafeHandle);
            await channel.SendAsync([Verb.Start]);
            var frame = await channel.ReceiveAsync(patience.Token);
            Assert.True(frame is ([Verb.Ready], _), $"the queue is ready: {log}");
            var queue = new RunningQueue(process, channel, listener, directory["queue.sock"]);
            _ = queue.SuperviseAsync();
            return queue;
        }

        /// <summary>Answers each delivery request with a stream to a worker that takes everything.</summary>
        async Task SuperviseAsync()
        {
            while (await _channel.ReceiveAsync() is ([Verb.Deliver, var id, _], _))
            {
                var (ours, theirs) = Descriptors.Pair(SocketType.Stream);
                await _channel.SendAsync([Verb.Ok, id], theirs.SafeHandle);
                theirs.Dispose();
                _ = TakeAsync(ours);
            }
        }

        async Task TakeAsync(Socket socket)
        {
            await using var connection = new Connection(socket);
            connection.WriteLine("220 worker");
            await connection.FlushAsync();
            while (await connection.Reader.ReadLineAsync(1000) is { IsComplete: true } line)
            {
                var text = line.ToString();
                if (text == "DATA")
                {
                    connection.WriteLine("354 go");
                    await connection.FlushAsync();
                    var mail = new MemoryStream();
                    await connection.Reader.ReadDotBlockAsync((block, _) => { mail.Write(block.Span); return default; }, long.MaxValue);
                    Delivered.Enqueue(System.Text.Encoding.Latin1.GetString(mail.ToArray()));
                }
                connection.WriteLine("250 ok");
                await connection.FlushAsync();
            }
        }

        public async Task SubmitUntilDeadAsync(int client, HashSet<string> acknowledged)
        {
            for (var i = 0; ; i++)
            {
                try
                {
                    if (!await SubmitOneAsync(client, i, acknowledged))
                        return;
                }
                catch (Exception dead) when (dead is IOException or SocketException)
                {
                    return;
                }
            }
        }

        public async Task<bool> SubmitOneAsync(int client, int number, HashSet<string> acknowledged)
        {
            await using var connection = new Connection(await UnixSockets.ConnectAsync(_socketPath, default));
            connection.Reader.Timeout = TimeSpan.FromSeconds(30);
            connection.Write($"LHLO c\r\nMAIL FROM:<s@example.net>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\n");
            if (!await connection.FlushAsync())
                return false;
            string line;
            do
            {
                var got = await connection.Reader.ReadLineAsync(1000);
                if (!got.IsComplete)
                    return false;
                line = got.ToString();
            }
            while (!line.StartsWith("354", StringComparison.Ordinal));
            connection.Write($"Subject: {client}/{number}\r\n\r\n{new string('x', number * 37 % 20000)}\r\nthe end\r\n.\r\n");
            if (!await connection.FlushAsync())
                return false;
            var reply = await connection.Reader.ReadLineAsync(1000);
            if (!reply.IsComplete)
                return false;
            Assert.StartsWith("250 2.0.0 Ok: queued as ", reply.ToString());
            lock (acknowledged)
                acknowledged.Add(reply.ToString().Split(' ')[^1]);
            return true;
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public async Task<int> DrainAsync()
        {
            await _channel.SendAsync([Verb.Drain]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }

        public ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
                Kill();
            _process.Dispose();
            _channel.Dispose();
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
