using System.Diagnostics;
using Sasl.Credentials.Native;

namespace Sasl.Credentials.Sources;

/// <summary>
/// Loading a stack's modules costs more than what they do. For each service that was asked for there is one idle transaction, without a user and never
/// authenticated: while it is open the modules stay in memory, and the next transaction only reads the file anew. So a changed file counts at
/// once, and nothing of one login is left for the next. Not thread-safe.
/// </summary>
sealed class LoadedPamStacks(string? directory) : IDisposable
{
    const int Most = 8;

    /// <summary>So long an old version of a module may be in use after its file was replaced.</summary>
    static readonly TimeSpan _age = TimeSpan.FromSeconds(60);

    readonly Dictionary<string, (PamTransaction Transaction, long Since)> _held = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _held.Count;

    /// <summary>To be called before a transaction of the service begins.</summary>
    public void Hold(string service)
    {
        if (_held.TryGetValue(service, out var held))
        {
            if (Stopwatch.GetElapsedTime(held.Since) < _age)
                return;
            Drop(service);
        }
        else if (_held.Count >= Most)
            Drop(_held.MinBy(h => h.Value.Since).Key);
        if (PamTransaction.Start(service, user: null, conversation: null, directory).Transaction is { } transaction)
            _held[service] = (transaction, Stopwatch.GetTimestamp());
    }

    public void Dispose()
    {
        foreach (var service in _held.Keys.ToArray())
            Drop(service);
    }

    void Drop(string service)
    {
        if (_held.Remove(service, out var held))
            held.Transaction.Dispose();
    }
}
