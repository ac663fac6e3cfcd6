using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Imap;

/// <summary>Memory is counted for the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class LargeMailboxTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_listing_of_ten_thousand_messages_streams_with_few_allocations()
    {
        const int messages = 10_000;
        using var house = new ImapHouse();
        using (var view = house.Store.Select("INBOX", readOnly: false)!)
        {
            await house.AddAsync("Subject: x\n\nhello\n");
            // Doubling by COPY is quicker than ten thousand appends.
            view.Sync(allowExpunge: true);
            while (view.Messages.Count < messages)
            {
                await view.CopyAsync(view.Messages.Take(messages - view.Messages.Count).Select(m => m.Uid).ToList(), "INBOX", default);
                view.Sync(allowExpunge: true);
            }
        }
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        var serving = Task.Run(() => house.ServeAsync(server, default));
        using var stream = new NetworkStream(client, ownsSocket: true);
        await Dialogue.PlayAsync(stream, "S: a0 OK *\nC: a1 EXAMINE INBOX\n" + string.Concat(Enumerable.Repeat("S: *\n", 7)) + "S: a1 OK *\n", Pace.Whole);
        await RunAsync(stream, "FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)");
        var (time, allocated) = await RunAsync(stream, "FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE)");
        var perMessage = allocated / messages;
        var (bodies, _) = await RunAsync(stream, "FETCH 1:* BODY.PEEK[]");
        output.WriteLine($"{messages} messages: listing {time.TotalMilliseconds:0} ms, {perMessage} B allocated a message; whole texts {bodies.TotalMilliseconds:0} ms");
        Assert.InRange(perMessage, 0, 200);
        await stream.WriteAsync("x LOGOUT\r\n"u8.ToArray());
        await serving;
    }

    [Fact]
    public async Task Attack_a_slow_reader_of_a_large_FETCH_costs_little_memory()
    {
        using var house = new ImapHouse();
        for (var i = 0; i < 20; i++)
            await house.AddAsync($"Subject: {i}\n\n{new string('x', 998)}\n" + string.Concat(Enumerable.Repeat(new string('y', 70) + "\n", 15_000)));
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using var _ = client;
        var serving = Task.Run(() => house.ServeAsync(server, default));
        using var stream = new NetworkStream(client);
        await Dialogue.PlayAsync(stream, "S: a0 OK *\nC: a1 EXAMINE INBOX\n" + string.Concat(Enumerable.Repeat("S: *\n", 8)), Pace.Whole);
        GC.Collect();
        var before = GC.GetTotalMemory(true);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("a2 FETCH 1:* BODY[]\r\na3 LOGOUT\r\n"));
        await Eventually.TrueAsync(() => client.Available > 0, "the first block comes");
        await Task.Delay(200);
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 2_000_000);
        var all = await new StreamReader(stream, Encoding.ASCII).ReadToEndAsync();
        Assert.True(all.Length > 20 * 15_000 * 70);
        Assert.EndsWith("a3 OK Logout completed.\r\n", all);
        await serving;
    }

    static async Task<(TimeSpan, long)> RunAsync(NetworkStream stream, string command)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetTotalAllocatedBytes();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"t {command}\r\n"));
        var buffer = new byte[64 * 1024];
        var tail = "";
        while (!tail.Contains("\r\nt OK", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer);
            tail = (tail + Encoding.ASCII.GetString(buffer, Math.Max(0, count - 60), Math.Min(count, 60)))[^Math.Min(60, count)..];
        }
        return (clock.Elapsed, GC.GetTotalAllocatedBytes() - before);
    }
}
