using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5 and SCRAM without channel binding: what every mechanism with a password must do.</summary>
static class PasswordCases
{
    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) =>
        !IsHere(mechanism, peer) ? []
            : peer switch
            {
                ClientPeer client => OfClient(mechanism, client),
                ServerPeer server => OfServer(mechanism, server),
                _ => [],
            };

    static bool IsHere(SaslMechanism mechanism, Peer peer) => mechanism.Name switch
    {
        "PLAIN" or "LOGIN" or "CRAM-MD5" => true,
        // With the others it has cases of its own.
        "DIGEST-MD5" => peer is DovecotServer or PostfixServer or LdapServer,
        _ => IsScram(mechanism) && !mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding),
    };

    static bool IsScram(SaslMechanism mechanism) => mechanism.Name.StartsWith("SCRAM-", StringComparison.Ordinal);

    /// <summary>LOGIN and CRAM-MD5 have no field for another identity.</summary>
    static bool HasAuthorizationId(SaslMechanism mechanism) => mechanism.Name is not ("LOGIN" or "CRAM-MD5");

    static IEnumerable<Case> OfClient(SaslMechanism mechanism, ClientPeer client)
    {
        var login = new Login(mechanism.Name);
        foreach (var house in mechanism.Name is "PLAIN" or "LOGIN" ? (House[])[new()] : [new(), new(cleartext: false)])
        {
            var against = mechanism.Name is "PLAIN" or "LOGIN" ? "" : $" against {house.What}";
            yield return new($"right password{against}", () => Expect.IsIn(client, login, house, "alice"));
            if (mechanism.First != FirstMessage.Server)
                yield return new($"right password{against}, without an initial response", () => Expect.IsIn(client, login with { Initial = false }, house, "alice"));
            yield return new($"wrong password{against} refused", () => Expect.IsRefused(client, login with { Password = "crayon" }, house, FailureKind.BadCredentials));
            yield return new($"unknown user{against} refused", () => Expect.IsRefused(client, login with { User = "mallory" }, house, FailureKind.BadCredentials));
        }
        if (!HasAuthorizationId(mechanism))
            yield break;
        if (client is MailKitClient && IsScram(mechanism))
        {
            yield return new("may act as bob", () => Expect.IsRefused(client, login with { As = "bob" }, new House(), FailureKind.MalformedMessage))
            {
                Fault = "it writes the GS2 header \"n,bob,\" where RFC 5801 §4 has \"n,a=bob,\"",
            };
            yield break;
        }
        yield return new("may act as bob", () => Expect.IsIn(client, login with { As = "bob" }, new House(), "bob"));
        yield return new("may not act as carol", () => Expect.IsRefused(client, login with { As = "carol" }, new House(), FailureKind.NotAuthorized));
    }

    static IEnumerable<Case> OfServer(SaslMechanism mechanism, ServerPeer server)
    {
        var login = new Login(mechanism.Name);
        yield return new("right password", () => Expect.LetsIn(server, login, "alice"));
        if (IsScram(mechanism) && server is CyrusServer)
        {
            yield return new("right password, without an initial response", () => Expect.Fails(server, login with { Initial = false }, "No data to send"))
            {
                Fault = "sasl-sample-server ends (\"No data to send--something's wrong\") when the SCRAM plugin's first challenge is empty",
            };
        }
        else if (mechanism.First == FirstMessage.Client)
            yield return new("right password, without an initial response", () => Expect.LetsIn(server, login with { Initial = false }, "alice"));
        if (mechanism.Flags.HasFlag(MechanismFlags.MutualAuth) && server.HasSuccessData)
            yield return new("right password, the server's proof with its success", () => Expect.LetsIn(server, login with { SuccessData = true }, "alice"));
        if (IsScram(mechanism) && server is DovecotServer)
            yield return new("right password, against keys that we wrote", () => Expect.LetsIn(server, login with { User = mechanism.Name == "SCRAM-SHA-1" ? "stored1" : "stored256" }, ""));
        yield return new("wrong password refused", () => Expect.Refuses(server, login with { Password = "crayon" }));
        if (server.KnowsUsers)
            yield return new("unknown user refused", () => Expect.Refuses(server, login with { User = "mallory" }));
        if (HasAuthorizationId(mechanism) && server.HasAuthorizationIds)
        {
            yield return new("acts as alice by name", () => Expect.LetsIn(server, login with { As = "alice" }, "alice"));
            yield return new("may not act as carol", () => Expect.Refuses(server, login with { As = "carol" }));
        }
    }
}
