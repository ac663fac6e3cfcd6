using Sasl.Protocols.DovecotAuth;

namespace MailServers.Login;

/// <summary>Which of the auth server's mechanisms a client is shown and may use.</summary>
static class LoginMechanisms
{
    // Channel binding needs data of the TLS layer that version 1.2 of the auth protocol cannot carry.
    const OfferedFlags Never = OfferedFlags.Private | OfferedFlags.ChannelBinding;

    /// <summary>Null when the server has no such mechanism for clients.</summary>
    public static OfferedMechanism? Find(AuthHandshake server, string name)
    {
        foreach (var mechanism in server.Mechanisms)
            if (string.Equals(mechanism.Name, name, StringComparison.OrdinalIgnoreCase) && (mechanism.Flags & Never) == 0)
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
            return [.. server.Mechanisms.Where(m => (m.Flags & Never) == 0 && IsAllowed(m, client.Policy)).Select(m => m.Name)];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
