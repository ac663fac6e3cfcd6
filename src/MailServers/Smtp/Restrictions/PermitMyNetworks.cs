namespace MailServers.Smtp.Restrictions;

sealed class PermitMyNetworks : IRestriction
{
    public string Name => "permit_mynetworks";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.Settings.MyNetworks.Contains(context.Client.Address, context.Client.Name) ? Verdict.Permit : Verdict.Dunno);
}
