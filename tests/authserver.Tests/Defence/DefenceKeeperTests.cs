using AuthServer.Defence;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Hosting.Unix;
using Testing;

namespace AuthServer.Tests.Defence;

public sealed class DefenceKeeperTests : IDisposable
{
    const string Here = "192.0.2.7", There = "198.51.100.9";

    readonly TemporaryDirectory _directory = new();
    readonly CapturedLog _log = new();

    public void Dispose() => _directory.Dispose();

    DefenceKeeper Keeper(Guesser guesser) => new(guesser.Defence, _directory.Path, HashWorkers.Inline, _log, guesser.Time);

    [Fact]
    public async Task What_was_counted_and_who_lives_where_survives_a_restart()
    {
        var (before, after) = (new Guesser(), new Guesser());
        using (var keeper = Keeper(before))
        {
            keeper.Begin();
            await before.TryAsync("alice", Here, "right", null);
            await before.GuessAsync(10, "bob", Here);
            await before.TryAsync("carol", There, "old");
            Assert.True(keeper.Write());
        }
        after.Time.Advance(before.Time.GetUtcNow() - after.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        using var next = Keeper(after);
        next.Begin();
        Assert.Equal(before.Defence.Count, after.Defence.Count);
        Assert.False(await after.TryAsync("bob", Here, "right", null));
        Assert.Contains("alice has logged in from 192.0.2.0/24 before", after.Defence.Explain("alice", Here)[0]);
        Assert.Contains("address_user: 9.8 of 10, full", after.Defence.Explain("bob", Here));
        // The old password is still known as one that was counted.
        for (var i = 0; i < 50; i++)
            await after.TryAsync("carol", There, "old");
        Assert.StartsWith("address_user: 0.8 of 10", after.Defence.Explain("carol", There)[1]);
        Assert.Empty(_log.Lines);
        Assert.All(Directory.GetFiles(_directory.Path), f => Assert.Equal(0x180u, Files.Status(f)!.Value.Permissions));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("empty")]
    [InlineData("key")]
    public async Task A_damaged_file_is_told_and_everything_begins_empty(string damage)
    {
        var before = new Guesser();
        using (var keeper = Keeper(before))
        {
            keeper.Begin();
            await before.GuessAsync(10, "bob", Here);
            Assert.True(keeper.Write());
        }
        var state = _directory[DefenceKeeper.StateName];
        var bytes = File.ReadAllBytes(state);
        bytes[^40] ^= 1;
        if (damage == "key")
            File.WriteAllText(_directory[DefenceKeeper.KeyName], "short");
        else
            File.WriteAllBytes(state, damage switch { "cut" => bytes[..^1], "empty" => [], _ => bytes });
        var after = new Guesser();
        using var next = Keeper(after);
        next.Begin();
        Assert.Equal(0, after.Defence.Count);
        Assert.Contains("begin empty", Assert.Single(_log.Lines));
        Assert.True(await after.TryAsync("bob", Here, "right", null));
    }

    [Fact]
    public async Task Of_two_processes_at_a_reload_one_writes_and_the_other_takes_over()
    {
        var (old, young) = (new Guesser(), new Guesser());
        using var first = Keeper(old);
        first.Begin();
        await old.GuessAsync(4, "alice", Here);
        Assert.True(first.Write());
        using var second = Keeper(young);
        second.Begin();
        await old.GuessAsync(10, "bob", Here);
        await young.GuessAsync(10, "carol", Here);
        // As long as the old one is there, its file stays its own.
        Assert.False(second.Write());
        Assert.True(first.Write());
        first.Dispose();
        Assert.True(second.Write());
        using var third = Keeper(new Guesser());
        var last = new Guesser();
        second.Dispose();
        using var reader = Keeper(last);
        reader.Begin();
        foreach (var user in new[] { "bob", "carol" })
            Assert.False(await last.TryAsync(user, Here, "right", null));
        Assert.StartsWith("address_user: 4.0 of 10", last.Defence.Explain("alice", Here)[1]);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_told_once_and_logins_go_on()
    {
        var guesser = new Guesser();
        using var keeper = Keeper(guesser);
        keeper.Begin();
        Directory.CreateDirectory(_directory[$"{DefenceKeeper.StateName}.new"]);
        for (var i = 0; i < 3; i++)
        {
            await guesser.GuessAsync(1, "alice", Here);
            Assert.False(keeper.Write());
        }
        Assert.Contains("cannot be written", Assert.Single(_log.Lines));
        Directory.Delete(_directory[$"{DefenceKeeper.StateName}.new"]);
        Assert.True(keeper.Write());
    }
}
