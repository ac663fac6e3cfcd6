using Saslauthd;

namespace Sasl.Credentials.Tests.Saslauthd;

public sealed class SuccessCacheTests
{
    readonly ManualTime _time = new();

    [Fact]
    public void It_knows_what_it_was_told_and_nothing_near_it()
    {
        var cache = Cache(10);
        cache.Remember("bob", "example.com", "imap", "geheim"u8);
        Assert.True(cache.Knows("bob", "example.com", "imap", "geheim"u8));
        Assert.False(cache.Knows("bob", "example.com", "imap", "Geheim"u8));
        Assert.False(cache.Knows("Bob", "example.com", "imap", "geheim"u8));
        Assert.False(cache.Knows("bob", "", "imap", "geheim"u8));
        Assert.False(cache.Knows("bob", "example.com", "smtp", "geheim"u8));
    }

    [Fact]
    public void Its_memory_ends_and_using_it_does_not_prolong_it()
    {
        var cache = Cache(10);
        cache.Remember("bob", "", "imap", "geheim"u8);
        _time.Now += TimeSpan.FromSeconds(59);
        Assert.True(cache.Knows("bob", "", "imap", "geheim"u8));
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.False(cache.Knows("bob", "", "imap", "geheim"u8));
    }

    [Fact]
    public void A_new_password_replaces_the_old_one()
    {
        var cache = Cache(10);
        cache.Remember("bob", "", "imap", "alt"u8);
        cache.Remember("bob", "", "imap", "neu"u8);
        Assert.False(cache.Knows("bob", "", "imap", "alt"u8));
        Assert.True(cache.Knows("bob", "", "imap", "neu"u8));
    }

    [Fact]
    public void The_oldest_goes_when_it_is_full()
    {
        var cache = Cache(2);
        foreach (var user in new[] { "a", "b", "c" })
        {
            cache.Remember(user, "", "imap", "geheim"u8);
            _time.Now += TimeSpan.FromSeconds(1);
        }
        Assert.Equal([false, true, true], new[] { "a", "b", "c" }.Select(user => cache.Knows(user, "", "imap", "geheim"u8)));
    }

    [Fact]
    public void It_forgets_when_told()
    {
        var cache = Cache(2);
        cache.Remember("bob", "", "imap", "geheim"u8);
        cache.Forget();
        Assert.False(cache.Knows("bob", "", "imap", "geheim"u8));
    }

    SuccessCache Cache(int capacity) => new(capacity, TimeSpan.FromMinutes(1), _time);
}
