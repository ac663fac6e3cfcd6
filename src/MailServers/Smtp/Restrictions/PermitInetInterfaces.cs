namespace MailServers.Smtp.Restrictions;

sealed class PermitInetInterfaces : IRestriction
{
    public string Name => "permit_inet_interfaces";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.Resolver.Domains.IsOwnAddress(context.Client.Address) ? Verdict.Permit : Verdict.Dunno);
}
