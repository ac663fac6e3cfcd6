using Microsoft.Extensions.Logging;
using Sasl.Hosting.Unix;

namespace Saslauthd.Requests;

/// <summary>Reports those who may not ask: a line at once, then one in ten seconds at most.</summary>
sealed class Denials(ILogger log, TimeProvider time)
{
    static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    long? _loggedAt;
    int _count;

    public void Report(PeerCredentials peer)
    {
        int count;
        lock (_gate)
        {
            _count++;
            if (_loggedAt is { } at && time.GetElapsedTime(at) < LogInterval)
                return;
            (count, _count, _loggedAt) = (_count, 0, time.GetTimestamp());
        }
        log.Denied(peer.Uid, peer.Pid, count);
    }
}
