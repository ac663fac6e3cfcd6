// Invariants of this file:
//  * The keys are got once at a time, whoever waits, and by nobody's own deadline.
//  * A name that nobody knows makes us look again, but not more often than a pause: whoever makes names up costs the issuer nothing.
//  * When the keys cannot be got, those that are there stay good, for a time that has an end.
namespace Sasl.Credentials.OAuth2;

/// <summary>How long keys are used without asking, how long when there is no answer, and the pause between two attempts.</summary>
sealed record KeyTimes(TimeSpan Fresh, TimeSpan Longest, TimeSpan Pause)
{
    public static KeyTimes OfServer { get; } = new(TimeSpan.FromHours(1), TimeSpan.FromHours(24), TimeSpan.FromSeconds(30));

    public static KeyTimes OfFiles { get; } = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromSeconds(5));
}

/// <summary>Keys as they were got last.</summary>
/// <param name="load">Gets them: an IOException or FormatException when that is not possible.</param>
sealed class KeyCache(Func<CancellationToken, Task<KeyRing>> load, KeyTimes times, TimeProvider time)
{
    readonly Lock _gate = new();
    KeyRing? _ring;
    string _problem = "";
    long _got, _tried;
    Task? _loading;

    /// <summary>The key that a token's header means, or null.</summary>
    /// <exception cref="IOException">There are no keys.</exception>
    public async ValueTask<VerificationKey?> FindAsync(JwtAlgorithm algorithm, string? id, string? party, CancellationToken stop)
    {
        if (Usable() is not { } ring)
        {
            await Load(isWanted: true).WaitAsync(stop);
            ring = Usable() ?? throw new IOException(_problem);
        }
        else if (time.GetElapsedTime(Volatile.Read(ref _got)) > times.Fresh)
            _ = Load(isWanted: false);
        if (ring.Find(algorithm, id, party) is { } key)
            return key;
        await Load(isWanted: false).WaitAsync(stop);
        return Volatile.Read(ref _ring)?.Find(algorithm, id, party);
    }

    KeyRing? Usable() => Volatile.Read(ref _ring) is { } ring && time.GetElapsedTime(Volatile.Read(ref _got)) <= times.Longest ? ring : null;

    /// <param name="isWanted">There is nothing else: who comes within the pause hears what went wrong, and the next one asks again.</param>
    Task Load(bool isWanted)
    {
        lock (_gate)
        {
            if (_loading is { IsCompleted: false })
                return _loading;
            var pause = isWanted ? TimeSpan.FromSeconds(1) : times.Pause;
            return _tried != 0 && time.GetElapsedTime(_tried) < pause ? Task.CompletedTask : _loading = LoadAsync();
        }
    }

    async Task LoadAsync()
    {
        _tried = time.GetTimestamp();
        // Not on the thread, and not within the gate, of who happened to be first.
        await Task.Yield();
        try
        {
            var ring = await load(CancellationToken.None);
            Volatile.Write(ref _got, time.GetTimestamp());
            Volatile.Write(ref _ring, ring);
        }
        catch (Exception failure) when (failure is IOException or FormatException or UnauthorizedAccessException)
        {
            _problem = failure.Message;
        }
    }
}
