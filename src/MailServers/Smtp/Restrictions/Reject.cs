namespace MailServers.Smtp.Restrictions;

sealed class Reject : IRestriction
{
    public string Name => "reject";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.Reject, "7.1")} {context.Rejected}: Access denied"));
}
