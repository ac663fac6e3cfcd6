using Sasl.Hosting.Net;

namespace AuthServer.Client;

/// <summary>
/// The threads that hear the clients of this process, one a core, each with its share of the connections. A login is worked on by the thread that read it, and
/// nothing in it may block: what has to wait or to compute does it elsewhere.
/// </summary>
static class Loops
{
    static readonly Lazy<EventLoop[]> _all = new(() => [.. Enumerable.Range(1, Environment.ProcessorCount).Select(i => EventLoop.Start($"clients {i}", Bug))]);
    static int _last;

    public static EventLoop Next() => _all.Value[(uint)Interlocked.Increment(ref _last) % (uint)_all.Value.Length];

    /// <summary>What a connection's own code lets through is its own to log; this is the loop's.</summary>
    static void Bug(Exception bug) => Environment.FailFast("the loop of the clients", bug);
}
