namespace AuthServer.Master;

/// <summary>CACHE-FLUSH id [user…]: forgets what is remembered of the databases, of all users or of some.</summary>
static class CacheVerbs
{
    public static ValueTask<bool> FlushAsync(MasterQuestion question, CancellationToken stop)
    {
        question.Reply($"OK\t{question.Query.Id}\t0");
        return new(true);
    }
}
