using System.Net;
using MailServers.Smtp.Restrictions;

namespace MailServers.Smtp;

/// <summary>What is counted by client and time (smtpd_client_*_rate_limit).</summary>
enum RateEvent { Connection, Message, Recipient, Authentication, TlsSession }

/// <summary>Counts events of each client address in windows of anvil_rate_time_unit. A limit of 0 is none.</summary>
sealed class ClientRates(IReadOnlyDictionary<RateEvent, int> limits, TimeSpan window, NetworkList exempt, TimeProvider time)
{
    /// <summary>Addresses remembered at most; one that rotates its address gains nothing but a fresh count.</summary>
    const int MostEntries = 20_000;

    readonly Dictionary<(IPAddress, RateEvent), (long Start, int Count)> _counts = [];
    readonly Lock _gate = new();

    /// <summary>Counts one event. The rate when it is over the limit, else null.</summary>
    public int? Exceeded(ClientIdentity client, RateEvent what)
    {
        if (limits.GetValueOrDefault(what) is not (> 0 and var limit) || client.LocalUid is not null || exempt.Contains(client.Address, client.Name))
            return null;
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_counts.Count >= MostEntries)
                Sweep(now);
            var key = (client.Address, what);
            var (start, count) = _counts.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.Start, now) < window ? entry : (now, 0);
            _counts[key] = (start, ++count);
            return count > limit ? count : null;
        }
    }

    void Sweep(long now)
    {
        foreach (var (key, (start, _)) in _counts)
        {
            if (time.GetElapsedTime(start, now) >= window)
                _counts.Remove(key);
        }
        if (_counts.Count >= MostEntries)
            _counts.Clear();
    }
}
