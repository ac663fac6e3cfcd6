namespace MailServers.Smtp.Restrictions;

sealed class Defer : IRestriction
{
    public string Name => "defer";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.Defer, "3.2")} {context.Rejected}: Try again later"));
}
