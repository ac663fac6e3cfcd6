namespace MailStore.Maildir;

/// <summary>
/// fsync for many at once: a caller joins the sync that has not begun yet, since one that runs may have begun before its change.
/// Directory syncs are the slowest part of a delivery (about 110 a second here), so deliveries that come together share them.
/// </summary>
sealed class GroupSync(Action sync)
{
    readonly Lock _gate = new();
    Task _running = Task.CompletedTask;
    Task? _next;

    public Task RunAsync()
    {
        lock (_gate)
            return _next ??= RunAfterAsync(_running);
    }

    async Task RunAfterAsync(Task before)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }
        sync();
    }
}
