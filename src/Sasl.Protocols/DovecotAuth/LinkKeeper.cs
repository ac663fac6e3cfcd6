namespace Sasl.Protocols.DovecotAuth;

/// <summary>Keeps one link open: made on first use, made again on the next use after it was lost, not more often than the back-off allows.</summary>
sealed class LinkKeeper<T>(Func<Task<T>> open, Func<T, AuthLink> linkOf, TimeProvider time) : IAsyncDisposable where T : class
{
    static readonly TimeSpan _firstBackOff = TimeSpan.FromMilliseconds(100), _longestBackOff = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    Task<T?>? _current;
    TimeSpan _backOff;
    long _failedAt;

    /// <summary>Why the last attempt failed; for the log.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The open link, or null: then <see cref="Problem"/> says why. Everybody who asks meanwhile waits for the same attempt.</summary>
    public Task<T?> GetAsync()
    {
        lock (_gate)
        {
            if (_current is { IsCompleted: false })
                return _current;
            if (_current is { Result: { } link } && linkOf(link).IsOpen)
                return _current;
            if (_backOff > TimeSpan.Zero && time.GetElapsedTime(_failedAt) < _backOff)
                return Task.FromResult<T?>(null);
            return _current = TryOpenAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_current is { } current && await current is { } link)
            await linkOf(link).DisposeAsync();
    }

    async Task<T?> TryOpenAsync()
    {
        // Off the lock before any work is done.
        await Task.Yield();
        try
        {
            var link = await open();
            _backOff = TimeSpan.Zero;
            return link;
        }
        catch (IOException failure)
        {
            Problem = failure.Message;
            _failedAt = time.GetTimestamp();
            _backOff = _backOff == TimeSpan.Zero ? _firstBackOff : _backOff * 2 < _longestBackOff ? _backOff * 2 : _longestBackOff;
            return null;
        }
    }
}
