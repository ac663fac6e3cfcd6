namespace AuthServer.Master;

/// <summary>
/// CACHE-FLUSH id [mask…]: forgets what is remembered of the databases, of all users or of those whose names a mask matches: OK id count. CACHE-STATUS id
/// [reset]: OK id hits= misses= ….
/// </summary>
static class CacheVerbs
{
    public static ValueTask<bool> FlushAsync(MasterQuestion question, CancellationToken stop)
    {
        question.Reply($"OK\t{question.Query.Id}\t{question.Host.Cache?.Flush(question.Query.Fields) ?? 0}");
        return new(true);
    }

    public static ValueTask<bool> StatusAsync(MasterQuestion question, CancellationToken stop)
    {
        var status = question.Host.Cache?.Status(question.Query["reset"] is not null) ?? default;
        question.Reply(FormattableString.Invariant($"OK\t{question.Query.Id}\thits={status.Hits}\tmisses={status.Misses}\tpos_entries={status.PositiveEntries}\tneg_entries={status.NegativeEntries}\tpos_size={status.PositiveSize}\tneg_size={status.NegativeSize}\tused_size={status.PositiveSize + status.NegativeSize}\tmax_size={status.MaxSize}"));
        return new(true);
    }
}
