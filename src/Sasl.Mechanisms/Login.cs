using System.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// LOGIN (draft-murchison-sasl-login): never an RFC, spoken by many SMTP clients. Two prompts whose text clients must ignore, though
/// some do not: hence exactly these two.
/// </summary>
static class Login
{
    public static async ValueTask<SaslOutcome> ServeAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
    {
        // Some clients send the name as initial response; it answers the first prompt.
        var name = await client.FirstAsync("Username:"u8.ToArray());
        if (!SaslText.TryReadIdentity(name.Span, out var authenticationId) || authenticationId.Length == 0)
            return SaslOutcome.Malformed("not a user name");
        var password = await client.AskAsync("Password:"u8.ToArray());
        if (password.IsEmpty)
            return SaslOutcome.Malformed("empty password", authenticationId);
        var proven = await credentials.VerifyPasswordAsync(authenticationId, password, stop);
        return await Authorization.DecideAsync(credentials, authenticationId, proven, "", stop);
    }

    public static async ValueTask<SaslOutcome> RequestAsync(ISaslDialogue server, ClientCredentials own, CancellationToken stop)
    {
        // There is no field for another identity to act as.
        if (own.AuthorizationId.Length > 0 || !SaslText.CanBeSent(own))
            return SaslOutcome.Malformed("the credentials cannot be sent by LOGIN");
        await server.FirstAsync();
        await server.AskAsync(Encoding.UTF8.GetBytes(own.AuthenticationId));
        return new SaslOutcome.Success(own.AuthenticationId, "", own.Password.ToArray());
    }
}
