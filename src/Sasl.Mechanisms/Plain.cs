using System.Text;

namespace Sasl.Mechanisms;

/// <summary>PLAIN (RFC 4616): [authzid] NUL authcid NUL passwd, in one message.</summary>
static class Plain
{
    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        if (!TryParse(message, out var authorizationId, out var authenticationId, out var password))
            return SaslOutcome.Malformed("not a PLAIN message");
        var proven = await credentials.VerifyPasswordAsync(authenticationId, password, stop);
        return await Authorization.DecideAsync(credentials, authenticationId, proven, authorizationId, stop);
    }

    public static ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        // RFC 4616 §2: none of the three holds a NUL, and name and password are never empty. A server would read something else from it.
        if (!SaslText.IsIdentity(own.AuthorizationId) || !SaslText.CanBeSent(own))
            return new(SaslOutcome.Malformed("name or password cannot be sent by PLAIN"));
        byte[] message =
        [
            .. Encoding.UTF8.GetBytes(own.AuthorizationId), 0, .. Encoding.UTF8.GetBytes(own.AuthenticationId), 0, .. own.Password.Span,
        ];
        return new(new SaslOutcome.Success(own.AuthenticationId, own.AuthorizationId, message));
    }

    static bool TryParse(ReadOnlyMemory<byte> message, out string authorizationId, out string authenticationId, out ReadOnlyMemory<byte> password)
    {
        (authorizationId, authenticationId, password) = ("", "", default);
        var span = message.Span;
        var first = span.IndexOf((byte)0);
        if (first < 0)
            return false;
        var second = span[(first + 1)..].IndexOf((byte)0) + first + 1;
        if (second == first)
            return false;
        password = message[(second + 1)..];
        // RFC 4616 §2: authcid and passwd are never empty, and no third NUL hides behind the password.
        return SaslText.TryReadIdentity(span[..first], out authorizationId)
            && SaslText.TryReadIdentity(span[(first + 1)..second], out authenticationId) && authenticationId.Length > 0
            && !password.IsEmpty && !password.Span.Contains((byte)0);
    }
}
