namespace MailServers.Smtp.Restrictions;

sealed class PermitSaslAuthenticated : IRestriction
{
    public string Name => "permit_sasl_authenticated";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.Login is { IsAnonymous: false } ? Verdict.Permit : Verdict.Dunno);
}
