using MailServers.Queue.Store;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Queue.Store;

public sealed class GroupCommitTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly SafeFileHandle _handle;
    readonly GroupCommit _commits;

    public GroupCommitTests()
    {
        _handle = Files.OpenDirectory(_directory.Path);
        _commits = new GroupCommit(_handle, syncThreads: 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public async Task Every_file_is_published_once_and_its_writer_told(int writers)
    {
        var published = 0;
        for (var again = 0; again < 5; again++)
            await Task.WhenAll(Enumerable.Range(0, writers).Select(i => Task.Run(() => CommitAsync($"{again}-{i}", () => Interlocked.Increment(ref published)))))
                .WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(5 * writers, published);
        Assert.InRange(_commits.RoundCount, 5, 5 * writers);
    }

    [Fact]
    public async Task One_that_fails_is_told_so_and_the_others_of_its_round_are_not_hurt()
    {
        var all = Enumerable.Range(0, 40).Select(i => CommitAsync($"{i}", () =>
        {
            if (i % 10 == 3)
                throw new IOException("no room");
        })).ToArray();
        await Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(60)).ContinueWith(_ => { });
        Assert.Equal([3, 13, 23, 33], Enumerable.Range(0, 40).Where(i => all[i].IsFaulted));
        Assert.Equal("no room", (await Assert.ThrowsAsync<IOException>(() => all[3])).Message);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_still_committed_and_nothing_new_is_taken()
    {
        var waiting = Enumerable.Range(0, 50).Select(i => CommitAsync($"{i}", () => { })).ToArray();
        _commits.Dispose();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => CommitAsync("late", () => { }));
    }

    public void Dispose()
    {
        _commits.Dispose();
        _handle.Dispose();
        _directory.Dispose();
    }

    async Task CommitAsync(string name, Action publish)
    {
        using var file = File.OpenHandle(_directory[name], FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, "text"u8, 0);
        await _commits.CommitAsync(file, publish);
    }
}
