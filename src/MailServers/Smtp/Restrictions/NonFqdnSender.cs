namespace MailServers.Smtp.Restrictions;

sealed class NonFqdnSender : IRestriction
{
    public string Name => "reject_non_fqdn_sender";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.Sender is { IsNull: false } sender && !FullyQualified.IsAddress(sender)
            ? Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.NonFqdn, "5.2")} <{sender.Unquoted}>: Sender address rejected: need fully-qualified address") : Verdict.Dunno);
}
