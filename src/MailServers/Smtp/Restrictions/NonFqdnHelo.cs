namespace MailServers.Smtp.Restrictions;

sealed class NonFqdnHelo : IRestriction
{
    public string Name => "reject_non_fqdn_helo_hostname";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.HeloName is { } name && !FullyQualified.IsName(name)
            ? Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.NonFqdn, "5.2")} <{name}>: Helo command rejected: need fully-qualified hostname") : Verdict.Dunno);
}
