using Sasl.Protocols.DovecotAuth;

namespace MailServers.Login;

/// <summary>Which of the auth server's mechanisms a client is shown and may use.</summary>
static class LoginMechanisms
{
    /// <summary>Null when the server has no such mechanism for clients whose line is like this one's.</summary>
    public static OfferedMechanism? Find(AuthHandshake server, string name, bool isTls)
    {
        foreach (var mechanism in server.Mechanisms)
            if (string.Equals(mechanism.Name, name, StringComparison.OrdinalIgnoreCase) && IsPossible(mechanism, isTls))
                return mechanism;
        return null;
    }

    public static bool IsAllowed(OfferedMechanism mechanism, CleartextPolicy policy) =>
        policy.AuthenticationAllowed && (policy.CleartextAllowed || !mechanism.Flags.HasFlag(OfferedFlags.Plaintext));

    /// <summary>The names to announce to this client now; none when the auth server cannot be reached.</summary>
    public static async ValueTask<IReadOnlyList<string>> OfferAsync(LoginClient client)
    {
        try
        {
            if (await client.Host.Auth.HandshakeAsync(client.Over) is not { } server)
                return [];
            return [.. server.Mechanisms.Where(m => IsPossible(m, client.Connection.IsTls) && IsAllowed(m, client.Policy)).Select(m => m.Name)];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>A channel binding needs a channel.</summary>
    static bool IsPossible(OfferedMechanism mechanism, bool isTls) =>
        !mechanism.Flags.HasFlag(OfferedFlags.Private) && (isTls || !mechanism.Flags.HasFlag(OfferedFlags.ChannelBinding));
}
