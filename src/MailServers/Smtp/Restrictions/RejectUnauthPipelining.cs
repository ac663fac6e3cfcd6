namespace MailServers.Smtp.Restrictions;

/// <summary>RFC 2920 §3.1: a client that does not know extensions, or has said DATA, waits for the reply. Where others are not cut off at once.</summary>
sealed class RejectUnauthPipelining : IRestriction
{
    public string Name => "reject_unauth_pipelining";

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop) =>
        new(context.HasEarlyInput() ? Verdict.Refuse($"503 5.5.0 {context.Rejected}: Improper use of SMTP command pipelining") : Verdict.Dunno);
}
