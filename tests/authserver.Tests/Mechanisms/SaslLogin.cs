using System.Text;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Mechanisms;

/// <summary>One login by a mechanism over the auth socket, with this house's own client.</summary>
static class SaslLogin
{
    public static async Task<AuthResult> RunAsync(AuthClient client, string mechanism, string user, string password, string? realm = null, SaslSettings? settings = null)
    {
        using var session = new SaslClientSession(SaslMechanisms.Find(mechanism)!, new(user, "", Encoding.UTF8.GetBytes(password)) { Realm = realm },
            new() { Service = "imap", HostName = "mail.example.com" }, settings);
        var first = await session.StartAsync();
        var parameters = new AuthParameters("imap") { InitialResponse = first.Message is { } message ? Base64(message) : null };
        var result = await client.AuthenticateAsync(mechanism, parameters, async challenge =>
            (await session.StepAsync(Convert.FromBase64String(challenge))).Message is { } answer ? Base64(answer) : null, default);
        if (!result.IsOk)
            return result;
        // What proves the server came as a challenge: nothing is left to come.
        return await session.FinishAsync(null) is SaslOutcome.Success ? result : result with { Status = AuthStatus.Aborted };
    }

    static byte[] Base64(byte[] data) => Encoding.ASCII.GetBytes(Convert.ToBase64String(data));
}
