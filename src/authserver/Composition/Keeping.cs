namespace AuthServer.Composition;

/// <summary>The keepers of one process, from their first reading to their last writing. Begun and ended as often as anybody likes, it happens once.</summary>
sealed class Keeping(IReadOnlyList<IKeeper> keepers)
{
    readonly Lock _gate = new();
    readonly CancellationTokenSource _end = new();
    Task? _running;

    public void Begin()
    {
        lock (_gate)
        {
            if (_running is not null)
                return;
            foreach (var keeper in keepers)
                keeper.Begin();
            _running = Task.WhenAll(keepers.Select(k => Task.Run(() => k.RunAsync(_end.Token))));
        }
    }

    /// <summary>Completes when all is written. No login comes after that.</summary>
    public Task EndAsync()
    {
        _end.Cancel();
        lock (_gate)
            return _running ??= Task.CompletedTask;
    }
}
