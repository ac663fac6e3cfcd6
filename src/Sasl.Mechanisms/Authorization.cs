namespace Sasl.Mechanisms;

/// <summary>RFC 4422 §3.4.1: from a proven identity and the one asked for to the one that is granted.</summary>
static class Authorization
{
    /// <param name="credentials">The host.</param>
    /// <param name="authenticationId">As the client spelled it.</param>
    /// <param name="proven">What the credentials said about <paramref name="authenticationId"/>.</param>
    /// <param name="asked">As the client sent it; empty means "derive it from the authentication identity".</param>
    /// <param name="stop">The exchange was given up.</param>
    public static async ValueTask<SaslOutcome> DecideAsync(ISaslCredentials credentials, string authenticationId, Verification proven, string asked,
        CancellationToken stop)
    {
        if (proven.Refusal is { } kind)
            return new SaslOutcome.Failure(kind, proven.Reason, authenticationId);
        if (asked.Length == 0 || asked == authenticationId || asked == proven.Id)
            return new SaslOutcome.Success(proven.Id, proven.Id);
        return await credentials.MayActAsAsync(proven.Id, asked, stop)
            ? new SaslOutcome.Success(proven.Id, asked)
            : new SaslOutcome.Failure(FailureKind.NotAuthorized, $"may not act as {SaslText.Printable(asked)}", authenticationId);
    }

    /// <summary>
    /// The same where a mechanism compared the secret itself. Who does not know the secret learns nothing of the account: a refusal that
    /// came with a secret (disabled, expired) holds only when the secret was right; one without a secret, when nobody could tell.
    /// </summary>
    public static ValueTask<SaslOutcome> DecideAsync(ISaslCredentials credentials, string authenticationId, SecretAnswer found, bool isRight, string asked,
        CancellationToken stop)
    {
        var proven = found switch
        {
            { Verification.Refusal: FailureKind.Temporary } => found.Verification,
            { Secret: null, Verification: var refused } => refused with { Refusal = FailureKind.BadCredentials },
            { } when !isRight => Verification.Refused(FailureKind.BadCredentials, "wrong secret"),
            _ => found.Verification,
        };
        return DecideAsync(credentials, authenticationId, proven, asked, stop);
    }
}
