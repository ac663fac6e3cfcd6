using System.Diagnostics;
using MailServers.Queue.Store;
using Testing;

namespace MailServers.Tests.Queue.Store;

/// <summary>Figures, printed and not asserted: what sharing syncs gains on this disk.</summary>
public sealed class GroupCommitFigures
{
    [Fact]
    public async Task Messages_a_second_by_the_number_of_writers()
    {
        foreach (var writers in (int[])[1, 8, 64])
        {
            using var directory = new TemporaryDirectory();
            using var queue = QueueDirectory.Open(directory["spool"], TimeProvider.System);
            var (count, clock, text) = (0, Stopwatch.StartNew(), new byte[4096]);
            await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
            {
                while (clock.ElapsedMilliseconds < 1500)
                {
                    using var message = queue.Create(new("s@x", DateTimeOffset.UtcNow) { Recipients = [new("r@x")] });
                    message.Write(text);
                    await message.CommitAsync();
                    Interlocked.Increment(ref count);
                }
            })));
            Console.WriteLine($"group commit: {writers} writers: {count / clock.Elapsed.TotalSeconds:0} messages/s in {queue.Commits.RoundCount / clock.Elapsed.TotalSeconds:0} rounds/s");
            Assert.True(count > 0);
        }
    }
}
