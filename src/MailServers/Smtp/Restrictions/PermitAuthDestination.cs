namespace MailServers.Smtp.Restrictions;

sealed class PermitAuthDestination : IRestriction
{
    public string Name => "permit_auth_destination";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.Recipient is { } recipient && UnauthDestination.IsAuthorized(context.Resolver.Resolve(recipient)) ? Verdict.Permit : Verdict.Dunno);
}
