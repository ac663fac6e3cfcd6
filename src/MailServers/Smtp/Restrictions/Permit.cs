namespace MailServers.Smtp.Restrictions;

sealed class Permit : IRestriction
{
    public string Name => "permit";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) => new(Verdict.Permit);
}
