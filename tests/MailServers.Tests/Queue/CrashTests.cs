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
        var acknowledged = new Dictionary<string, string>();
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
        Assert.Empty(acknowledged.Keys.Except(found));
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
        await using var queue = await RunningQueue.StartAsync(directory, "");
        var acknowledged = new Dictionary<string, string>();
        await queue.SubmitOneAsync(0, 0, acknowledged);
        await Eventually.TrueAsync(() => queue.Delivered.Count == 1, "the worker got it");
        Assert.Contains("the end", queue.Delivered.First());
        await Eventually.TrueAsync(() => Directory.GetFiles(directory["spool/queue"]).Length == 0, "the queue is empty");
        Assert.Equal(0, await queue.DrainAsync());
    }

    [Fact]
    public async Task Kill_9_while_delivering_loses_nothing_and_repeats_only_what_was_under_way()
    {
        using var directory = new TemporaryDirectory();
        Prepare(directory);
        var (acknowledged, delivered) = (new Dictionary<string, string>(), new List<string>());
        for (var round = 0; round < 4; round++)
        {
            await using var queue = await RunningQueue.StartAsync(directory, "");
            if (round < 3)
            {
                var clients = Enumerable.Range(0, 8).Select(i => queue.SubmitUntilDeadAsync((round * 8) + i, acknowledged)).ToArray();
                await Eventually.TrueAsync(() => queue.Delivered.Count >= 25 + (round * 9), "enough mail was delivered", TimeSpan.FromSeconds(60));
                queue.Kill();
                await Task.WhenAll(clients);
            }
            else
                await Eventually.TrueAsync(() => Directory.GetFiles(directory["spool/queue"]).Length == 0, "the queue is empty", TimeSpan.FromSeconds(60));
            delivered.AddRange(queue.Delivered.Select(Subject));
        }
        Assert.Empty(acknowledged.Values.Except(delivered));
        // At least once: a mail whose delivery the crash cut off from its record comes again, and never more than one for each kill.
        Assert.All(delivered.CountBy(s => s), s => Assert.InRange(s.Value, 1, 4));
        Assert.InRange(delivered.Count - delivered.Distinct().Count(), 0, 3 * RunningQueue.MostDeliveries);
        Console.WriteLine($"crash test: {acknowledged.Count} acknowledged, {delivered.Count} delivered, {delivered.Count - delivered.Distinct().Count()} twice");
    }

    [Fact]
    public async Task Kill_9_while_returning_mail_loses_no_report()
    {
        using var directory = new TemporaryDirectory();
        Prepare(directory);
        var acknowledged = new Dictionary<string, string>();
        const string Settings = "local_transport=error:5.1.1 nobody here\ndefault_transport=retry:4.0.0 wait\n";
        for (var round = 0; round < 3; round++)
        {
            await using var queue = await RunningQueue.StartAsync(directory, Settings);
            var clients = Enumerable.Range(0, 8).Select(i => queue.SubmitUntilDeadAsync((round * 8) + i, acknowledged)).ToArray();
            await Eventually.TrueAsync(() => { lock (acknowledged) return acknowledged.Count >= (round + 1) * 40; }, "enough mail was taken", TimeSpan.FromSeconds(60));
            queue.Kill();
            await Task.WhenAll(clients);
        }
        await using (var queue = await RunningQueue.StartAsync(directory, Settings))
        {
            await Eventually.TrueAsync(() => acknowledged.Keys.All(id => !File.Exists(directory[$"spool/queue/{id}"])), "every mail has come back", TimeSpan.FromSeconds(60));
            Assert.Equal(0, await queue.DrainAsync());
        }
        using var store = QueueDirectory.Open(directory["spool"], TimeProvider.System);
        var reported = new List<string>();
        foreach (var (id, _, _) in store.Scan().ToArray())
        {
            var report = store.Load(id, out _)!;
            Assert.Equal("", report.Envelope.Sender);
            Assert.Equal("s@example.net", report.Recipients.Single().Address);
            reported.Add(Subject(new StreamReader(store.OpenText(report)).ReadToEnd().Split("Undelivered Message")[^1]));
        }
        Assert.Empty(acknowledged.Values.Except(reported));
        Console.WriteLine($"crash test: {acknowledged.Count} acknowledged, {reported.Count} reports, {reported.Count - reported.Distinct().Count()} twice");
    }

    static string Subject(string text) => text.Split('\n').First(l => l.StartsWith("Subject: ", StringComparison.Ordinal))[9..].TrimEnd('\r');

    static void Prepare(TemporaryDirectory directory)
    {
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0x1FF);
        Directory.CreateDirectory(directory["spool"]);
        if (Identity.IsRoot)
            Files.ChangeOwner(directory["spool"], Nobody, Nobody);
    }

    sealed class RunningQueue : IAsyncDisposable
    {
        /// <summary>At a time.</summary>
        public const int MostDeliveries = 20;

        readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly Process _process;
        readonly SupervisionChannel _channel;
        readonly Socket _listener;
        readonly string _socketPath;

        RunningQueue(Process process, SupervisionChannel channel, Socket listener, string socketPath) =>
            (_process, _channel, _listener, _socketPath) = (process, channel, listener, socketPath);

        public System.Collections.Concurrent.ConcurrentQueue<string> Delivered { get; } = new();

        public static async Task<RunningQueue> StartAsync(TemporaryDirectory directory, string settings = "local_transport=retry:4.0.0 wait\n")
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
            await channel.SendConfigAsync("main.cf", $"myhostname=mx.example.org\nmydestination=example.org\nalias_maps=\ndefault_process_limit={MostDeliveries}\nlocal_destination_concurrency_limit={MostDeliveries}\ninitial_destination_concurrency={MostDeliveries}\n{settings}");
            await channel.SendConfigAsync("path:queue-directory", directory["spool"]);
            await channel.SendAsync([Verb.Listener, "queue"], listener.SafeHandle);
            await channel.SendAsync([Verb.Start]);
            var queue = new RunningQueue(process, channel, listener, directory["queue.sock"]);
            _ = queue.SuperviseAsync();
            await queue._ready.Task.WaitAsync(patience.Token);
            return queue;
        }

        /// <summary>Answers each delivery request with a stream to a worker that takes everything.</summary>
        async Task SuperviseAsync()
        {
            while (await _channel.ReceiveAsync() is { } frame)
            {
                if (frame.Fields is [Verb.Ready])
                    _ready.SetResult();
                // What waits in the queue may be asked for before the queue is ready for more.
                if (frame.Fields is not [Verb.Deliver, var id, _])
                    continue;
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
                    var end = await connection.Reader.ReadDotBlockAsync((block, _) => { mail.Write(block.Span); return default; }, long.MaxValue);
                    if (end.Status != LineStatus.Complete)
                        return;
                    Delivered.Enqueue(System.Text.Encoding.Latin1.GetString(mail.ToArray()));
                }
                connection.WriteLine("250 ok");
                await connection.FlushAsync();
            }
        }

        public async Task SubmitUntilDeadAsync(int client, Dictionary<string, string> acknowledged)
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

        public async Task<bool> SubmitOneAsync(int client, int number, Dictionary<string, string> acknowledged)
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
                acknowledged.Add(reply.ToString().Split(' ')[^1], $"{client}/{number}");
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
