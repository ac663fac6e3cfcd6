namespace Sasl.Mechanisms;

/// <summary>RFC 4422 §3.4.1: from a proven identity and the one asked for to the one that is granted.</summary>
static class Authorization
{
    /// <param name="asked">As the client sent it; empty means "derive it from the authentication identity".</param>
    /// <param name="proven">What the credentials said about <paramref name="authenticationId"/>.</param>
    public static async ValueTask<SaslOutcome> DecideAsync(ICredentials credentials, string authenticationId, Verification proven, string asked,
        CancellationToken stop)
    {
        if (proven.Refusal is { } kind)
            return new SaslOutcome.Failure(kind, proven.Reason, authenticationId);
        if (asked.Length == 0 || asked == authenticationId || asked == proven.Id)
            return new SaslOutcome.Success(proven.Id, proven.Id);
        return await credentials.MayActAsAsync(proven.Id, asked, stop)
            ? new SaslOutcome.Success(proven.Id, asked)
            : new SaslOutcome.Failure(FailureKind.NotAuthorized, $"may not act as {asked}", authenticationId);
    }
}
