namespace MailServers.Smtp.Restrictions;

sealed class RejectPlaintextSession : IRestriction
{
    public string Name => "reject_plaintext_session";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.IsTls ? Verdict.Dunno : Verdict.Refuse("450 4.7.1 Session encryption is required"));
}
