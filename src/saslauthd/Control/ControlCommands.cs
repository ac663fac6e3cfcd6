using System.Globalization;
using Sasl.Credentials;
using Sasl.Hosting.Metrics;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace Saslauthd.Control;

/// <summary>What the administrator may ask of the running daemon. A reply never holds a password, a hash or a key.</summary>
/// <param name="generation">That of now.</param>
/// <param name="sums">Counters since the start, as the metrics tell them.</param>
sealed class ControlCommands(Func<Generation> generation, InstrumentSums? sums)
{
    const string NoCache = "there is no cache: saslauthd was started without -c";

    public async ValueTask<ControlReply> RunAsync(ControlRequest request, CancellationToken stop) => request.Kind switch
    {
        ControlKind.Statistics => Statistics(generation()),
        ControlKind.Dump => generation().Cache is { } cache ? new([.. cache.Entries.OrderBy(e => e.Created).Select(Row)]) : ControlReply.Refuse(NoCache),
        ControlKind.Flush => generation().Cache is { } cache ? new([[Text(request.User is { } user ? cache.Forget(user, request.Realm) : cache.Forget())]]) : ControlReply.Refuse(NoCache),
        _ => await ExplainAsync(generation(), request.Question, stop),
    };

    static string[] Row(CacheEntry entry) => [entry.Login, entry.Realm, entry.Service, Text(entry.Created.ToUnixTimeSeconds())];

    /// <summary>Rows "cache NAME NUMBER", "pool MECHANISM WORKERS FREE WAITING", "limit NOW", "sum LINE".</summary>
    ControlReply Statistics(Generation now)
    {
        var rows = new List<string[]>();
        if (now.Cache?.Statistics is { } cache)
        {
            rows.AddRange([["cache", "lifetime", Text((long)cache.Lifetime.TotalSeconds)], ["cache", "capacity", Text(cache.Capacity)], ["cache", "entries", Text(cache.Entries)],
                ["cache", "hits", Text(cache.Hits)], ["cache", "misses", Text(cache.Misses)], ["cache", "evicted", Text(cache.Evicted)]]);
        }
        rows.Add(["requests", Text(now.Reception.Limits.Count)]);
        foreach (var pool in now.Pools)
        {
            var (workers, free, waiting) = pool.Counts;
            rows.Add(["pool", pool.Name, Text(workers), Text(free), Text(waiting)]);
        }
        rows.AddRange((sums?.ToText() ?? "").Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => (string[])["sum", l]));
        return new(rows);
    }

    /// <summary>The question is answered as it would be for a caller, log line, cache and limits included; the last row is the reply that he would get.</summary>
    static async ValueTask<ControlReply> ExplainAsync(Generation now, ReadOnlyMemory<byte> question, CancellationToken stop)
    {
        var parsed = RequestCodec.Parse(question, longestPassword: now.Reception.Buffers.LongestPassword);
        if (parsed.Status == RequestStatus.Incomplete)
            return ControlReply.Refuse("the request makes no sense");
        var explanation = new Explanation();
        if (!now.Reception.Access.IsOpen)
            explanation.Add("access: only for those whom socket_users and socket_groups name; asked here as root");
        if (parsed.Status == RequestStatus.Refused)
        {
            explanation.Add($"the request is refused before anybody is asked: {parsed.Problem}");
            return Explained(explanation, parsed.Reply);
        }
        return Explained(explanation, await now.Reception.AnswerAsync(parsed.Request!, () => Identity.EffectiveUid, explanation, stop));
    }

    static ControlReply Explained(Explanation explanation, string reply) => new([.. explanation.Steps.Select(s => (string[])[s]), [reply]]);

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
