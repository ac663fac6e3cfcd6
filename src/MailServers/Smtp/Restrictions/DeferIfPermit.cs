namespace MailServers.Smtp.Restrictions;

sealed class DeferIfPermit : IRestriction
{
    public string Name => "defer_if_permit";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(Verdict.DeferIfPermit($"450 4.7.0 {context.Rejected}: defer_if_permit requested"));
}
