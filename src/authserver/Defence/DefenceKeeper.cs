using AuthServer.Composition;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Sasl.Credentials;
using Sasl.Hosting.Unix;

namespace AuthServer.Defence;

/// <summary>
/// Keeps the counters over a restart: auth_state_dir/defence.state, written every 15 seconds when something has changed and at the end, whole or not at
/// all, beside the logins. At a reload two processes live for a while: only the one that has the lock writes, and who gets it later first takes
/// over what the other has written last.
/// </summary>
/// <param name="workers">Threads for what waits for a disk.</param>
sealed class DefenceKeeper(LoginDefence defence, string directory, HashWorkers workers, ILogger log, TimeProvider time) : IKeeper, IDisposable
{
    public const string StateName = "defence.state", KeyName = "defence.key", LockName = "defence.lock";

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    SafeFileHandle? _lock;
    bool _isOurs, _isFailing;
    long _written;

    public void Begin()
    {
        try
        {
            defence.UseKey(StateDirectory.Key(directory, KeyName, Fingerprints.KeySize));
            _lock = StateDirectory.OpenLock(directory, LockName);
            _isOurs = Files.TryLock(_lock);
            Restore();
        }
        catch (IOException failure)
        {
            log.StateUnreadable(directory, failure.Message);
        }
        _written = defence.Changes;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var clock = new PeriodicTimer(Interval, time);
        try
        {
            while (await clock.WaitForNextTickAsync(stop))
            {
                if (workers.TryRun(Write, stop) is { } work)
                    await work;
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
        await Task.Run(Write, CancellationToken.None);
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>True when what has changed is on the disk.</summary>
    public bool Write()
    {
        var changes = defence.Changes;
        if (changes == _written || !Owns())
            return changes == _written;
        try
        {
            StateDirectory.Write(directory, StateName, defence.Save());
            (_written, _isFailing) = (changes, false);
            return true;
        }
        catch (IOException failure)
        {
            if (!_isFailing)
                log.StateUnwritable(Path.Combine(directory, StateName), failure.Message);
            _isFailing = true;
            return false;
        }
    }

    bool Owns()
    {
        if (_isOurs || _lock is null)
            return _isOurs;
        if (!Files.TryLock(_lock))
            return false;
        Restore();
        return _isOurs = true;
    }

    void Restore()
    {
        try
        {
            if (StateDirectory.Read(directory, StateName, DefenceState.LongestFile) is { } state && !defence.TryRestore(state))
                log.StateUnreadable(Path.Combine(directory, StateName), "damaged, or made with another key");
        }
        catch (IOException failure)
        {
            log.StateUnreadable(Path.Combine(directory, StateName), failure.Message);
        }
    }
}
