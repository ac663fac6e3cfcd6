using System.Text;
using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>DIGEST-MD5 without a layer. MailKit's cases are those over TLS.</summary>
static class DigestCases
{
    static readonly SaslChannel _channel = new() { Service = "imap", HostName = "localhost" };

    /// <summary>Within ISO 8859-1, where the RFC has another hash than for UTF-8, and beyond; and what must be escaped.</summary>
    static readonly (string Name, string Password)[] _names = [("j\u00fcrgen", "pa\u00df\"w\\rt"), ("\u0436enya", "\u043f\u0430\u0440\u043e\u043b\u044c"), ("quo\"te", "p")];

    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) => mechanism.Name != "DIGEST-MD5" ? [] : peer switch
    {
        MailKitClient => [],
        ClientPeer client => OfClient(client),
        GsaslServer or CyrusServer => OfServer((ServerPeer)peer),
        _ => [],
    };

    static IEnumerable<Case> OfClient(ClientPeer client)
    {
        var login = new Login("DIGEST-MD5");
        foreach (var house in (House[])[new(), new(cleartext: false)])
        {
            yield return new($"right password against {house.What}", () => Expect.IsIn(client, login, house, "alice", _channel));
            yield return new($"wrong password against {house.What} refused", () => Expect.IsRefused(client, login with { Password = "crayon" }, house, FailureKind.BadCredentials, _channel));
            yield return new($"unknown user against {house.What} refused", () => Expect.IsRefused(client, login with { User = "mallory" }, house, FailureKind.BadCredentials, _channel));
        }
        yield return new("may act as bob", () => Expect.IsIn(client, login with { As = "bob" }, new House(), "bob", _channel));
        yield return new("may not act as carol", () => Expect.IsRefused(client, login with { As = "carol" }, new House(), FailureKind.NotAuthorized, _channel));
        foreach (var (name, password) in _names)
        {
            if (client is GsaslClient && name.Contains('"'))
            {
                yield return new($"{name} is in", () => Expect.IsRefused(client, login with { User = name, Password = password }, new Stranger(name, password), FailureKind.MalformedMessage, _channel))
                {
                    Fault = "it puts no backslash before a quote in a name (RFC 2831 §7.2)",
                };
                continue;
            }
            yield return new($"{name} is in", () => Expect.IsIn(client, login with { User = name, Password = password }, new Stranger(name, password), name, _channel));
        }
    }

    static IEnumerable<Case> OfServer(ServerPeer server)
    {
        var login = new Login("DIGEST-MD5");
        yield return new("right password", () => Expect.LetsIn(server, login, "alice", _channel));
        if (server.HasSuccessData)
            yield return new("right password, the server's proof with its success", () => Expect.LetsIn(server, login with { SuccessData = true }, "alice", _channel));
        yield return new("wrong password refused", () => Expect.Refuses(server, login with { Password = "crayon" }, _channel));
        if (!server.KnowsUsers)
            yield break;
        yield return new("unknown user refused", () => Expect.Refuses(server, login with { User = "mallory" }, _channel));
        yield return new("acts as alice by name", () => Expect.LetsIn(server, login with { As = "alice" }, "alice", _channel));
        yield return new("may not act as carol", () => Expect.Refuses(server, login with { As = "carol" }, _channel));
        if (server is not CyrusServer)
            yield break;
        foreach (var (name, password) in _names)
            yield return new($"{name} is in", () => DigestLayerCases.LogInToCyrusAsync(name, password, 0));
    }

    /// <summary>One user of any name.</summary>
    sealed class Stranger(string name, string password) : ISaslCredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> given, CancellationToken stop) => throw new InvalidOperationException();

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
            new(request.AuthenticationId == name ? SecretAnswer.Found(name, new CleartextSecret(Encoding.UTF8.GetBytes(password)))
                : SecretAnswer.Refused(FailureKind.BadCredentials, "nobody of that name", SecretKind.Cleartext));
    }
}
