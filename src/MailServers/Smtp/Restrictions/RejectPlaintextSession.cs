namespace MailServers.Smtp.Restrictions;

sealed class RejectPlaintextSession : IRestriction
{
    public string Name => "reject_plaintext_session";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.IsTls ? Verdict.Dunno : Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.Plaintext, "7.1")} Session encryption is required"));
}
