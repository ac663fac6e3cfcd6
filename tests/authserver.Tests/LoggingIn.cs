using System.Text;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests;

/// <summary>Whole logins through an auth socket, by our own client mechanisms.</summary>
static class LoggingIn
{
    public static async Task<bool> ByPlainAsync(this AuthClient client, string user, string password, string? from = "192.0.2.1", string service = "imap") => (await client.AuthenticateAsync("PLAIN",
        Parameters(from, service, TestServer.Plain(user, password)), _ => throw new InvalidOperationException(), default)).IsOk;

    public static async Task<bool> ByScramAsync(this AuthClient client, string user, string password, string? from = "192.0.2.1", string service = "imap", string mechanism = "SCRAM-SHA-256")
    {
        using var session = new SaslClientSession(SaslMechanisms.Find(mechanism)!, new ClientCredentials(user, "", Encoding.UTF8.GetBytes(password)));
        var first = await session.StartAsync();
        var result = await client.AuthenticateAsync(mechanism, Parameters(from, service, Convert.ToBase64String(first.Message!)), async challenge =>
        {
            var next = await session.StepAsync(Convert.FromBase64String(challenge));
            return Encoding.ASCII.GetBytes(Convert.ToBase64String(next.Message ?? []));
        }, default);
        return result.IsOk;
    }

    static AuthParameters Parameters(string? from, string service, string response) =>
        new(service) { RemoteAddress = from, Session = "s1", NoLogin = true, InitialResponse = Encoding.ASCII.GetBytes(response) };
}
