using System.Text;

namespace Sasl.Mechanisms;

/// <summary>EXTERNAL (RFC 4422 appendix A): the channel has proven who the client is; the message says as whom it wants to act.</summary>
static class External
{
    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        if (!SaslText.TryReadIdentity(message.Span, out var authorizationId))
            return SaslOutcome.Malformed("not an authorization identity");
        if (client.Channel.ExternalId is not { } authenticationId)
            return new SaslOutcome.Failure(FailureKind.BadCredentials, "the connection proves no identity");
        var proven = await credentials.AcceptProvenAsync(authenticationId, SaslMechanisms.Find("EXTERNAL")!, stop);
        return await Authorization.DecideAsync(credentials, authenticationId, proven, authorizationId, stop);
    }

    public static ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop) =>
        new(SaslText.IsIdentity(own.AuthorizationId)
            ? new SaslOutcome.Success(own.AuthenticationId, own.AuthorizationId, Encoding.UTF8.GetBytes(own.AuthorizationId))
            : SaslOutcome.Malformed("the authorization identity cannot be sent by EXTERNAL"));
}
