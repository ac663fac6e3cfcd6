using System.Runtime.InteropServices;

namespace Sasl.Hosting.Daemon;

/// <summary>The signals of a daemon: TERM and INT drain and end it, HUP reloads it, PIPE is nobody's business.</summary>
public sealed class Lifetime : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly List<PosixSignalRegistration> _registrations = [];

    public Lifetime()
    {
        On(PosixSignal.SIGTERM, _stop.Cancel);
        On(PosixSignal.SIGINT, _stop.Cancel);
        On(PosixSignal.SIGHUP, () => Reload?.Invoke());
    }

    /// <summary>Cancelled when the daemon shall end: finish what is under way, take nothing new.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>SIGHUP came. Runs on a pool thread.</summary>
    public event Action? Reload;

    /// <summary>Ends the daemon from inside, as SIGTERM does.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Completes when the daemon shall end.</summary>
    public Task WaitAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stop.Token.Register(done.SetResult);
        return done.Task;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    void On(PosixSignal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    }));
}
