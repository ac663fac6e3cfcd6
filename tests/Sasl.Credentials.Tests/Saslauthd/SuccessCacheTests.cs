using Saslauthd;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class SuccessCacheTests
{
    readonly ManualTime _time = new();
    readonly ChainState _now = State(1), _later = State(2);

    [Fact]
    public void It_knows_what_it_was_told_and_nothing_near_it()
    {
        var cache = Cache(10);
        cache.Remember(_now, "bob", "example.com", "imap", "geheim"u8);
        Assert.True(cache.Knows(State(1), "bob", "example.com", "imap", "geheim"u8));
        Assert.False(cache.Knows(_now, "bob", "example.com", "imap", "Geheim"u8));
        Assert.False(cache.Knows(_now, "Bob", "example.com", "imap", "geheim"u8));
        Assert.False(cache.Knows(_now, "bob", "", "imap", "geheim"u8));
        Assert.False(cache.Knows(_now, "bob", "example.com", "smtp", "geheim"u8));
    }

    [Fact]
    public void Its_memory_ends_and_using_it_does_not_prolong_it()
    {
        var cache = Cache(10);
        cache.Remember(_now, "bob", "", "imap", "geheim"u8);
        _time.Now += TimeSpan.FromSeconds(59);
        Assert.True(cache.Knows(_now, "bob", "", "imap", "geheim"u8));
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.False(cache.Knows(_now, "bob", "", "imap", "geheim"u8));
    }

    [Fact]
    public void A_new_password_replaces_the_old_one()
    {
        var cache = Cache(10);
        cache.Remember(_now, "bob", "", "imap", "alt"u8);
        cache.Remember(_now, "bob", "", "imap", "neu"u8);
        Assert.False(cache.Knows(_now, "bob", "", "imap", "alt"u8));
        Assert.True(cache.Knows(_now, "bob", "", "imap", "neu"u8));
    }

    [Fact]
    public void The_oldest_goes_when_it_is_full()
    {
        var cache = Cache(2);
        foreach (var user in new[] { "a", "b", "c" })
        {
            cache.Remember(_now, user, "", "imap", "geheim"u8);
            _time.Now += TimeSpan.FromSeconds(1);
        }
        Assert.Equal([false, true, true], new[] { "a", "b", "c" }.Select(user => cache.Knows(_now, user, "", "imap", "geheim"u8)));
    }

    [Fact]
    public void It_forgets_when_told()
    {
        var cache = Cache(2);
        cache.Remember(_now, "bob", "", "imap", "geheim"u8);
        cache.Forget();
        Assert.False(cache.Knows(_now, "bob", "", "imap", "geheim"u8));
    }

    [Fact]
    public void A_changed_source_ends_everything_that_was_remembered()
    {
        var cache = Cache(10);
        cache.Remember(_now, "bob", "", "imap", "alt"u8);
        Assert.False(cache.Knows(_later, "bob", "", "imap", "alt"u8));
        cache.Remember(_later, "bob", "", "imap", "neu"u8);
        Assert.True(cache.Knows(_later, "bob", "", "imap", "neu"u8));
    }

    [Fact]
    public void An_answer_from_before_the_change_is_not_remembered_after_it()
    {
        var cache = Cache(10);
        Assert.False(cache.Knows(_now, "bob", "", "imap", "alt"u8));
        Assert.False(cache.Knows(_later, "eve", "", "imap", "x"u8));
        cache.Remember(_now, "bob", "", "imap", "alt"u8);
        Assert.False(cache.Knows(_later, "bob", "", "imap", "alt"u8));
    }

    [Fact]
    public void An_answer_from_before_a_flush_is_not_remembered_after_it()
    {
        var cache = Cache(10);
        var flushes = cache.Flushes;
        cache.Forget("eve", null);
        cache.Remember(_now, "bob", "", "imap", "alt"u8, flushes);
        Assert.False(cache.Knows(_now, "bob", "", "imap", "alt"u8));
        cache.Remember(_now, "bob", "", "imap", "neu"u8, cache.Flushes);
        Assert.True(cache.Knows(_now, "bob", "", "imap", "neu"u8));
    }

    [Fact]
    public void It_counts_and_what_is_too_old_is_not_there()
    {
        var cache = Cache(2);
        foreach (var user in new[] { "a", "b", "c" })
            cache.Remember(_now, user, "", "imap", "geheim"u8);
        cache.Knows(_now, "c", "", "imap", "geheim"u8);
        cache.Knows(_now, "c", "", "imap", "falsch"u8);
        cache.Knows(_now, "a", "", "imap", "geheim"u8);
        Assert.Equal(new CacheStatistics(1, 2, 1, 2, 2, TimeSpan.FromMinutes(1)), cache.Statistics);
        Assert.Equal(["b", "c"], cache.Entries.Select(e => e.Login).Order());
        _time.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(0, cache.Statistics.Entries);
        Assert.Empty(cache.Entries);
    }

    /// <summary>An equal state is another object each time.</summary>
    static ChainState State(long day) => new([new SourceState(null, null, day)]);

    SuccessCache Cache(int capacity) => new(capacity, TimeSpan.FromMinutes(1), _time);
}
