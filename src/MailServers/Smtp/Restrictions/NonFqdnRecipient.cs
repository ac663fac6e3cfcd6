namespace MailServers.Smtp.Restrictions;

sealed class NonFqdnRecipient : IRestriction
{
    public string Name => "reject_non_fqdn_recipient";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.Recipient is { IsNull: false } recipient && !FullyQualified.IsAddress(recipient)
            ? Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.NonFqdn, "5.2")} <{recipient.Unquoted}>: Recipient address rejected: need fully-qualified address") : Verdict.Dunno);
}
