using System.Security.Cryptography;
using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>SCRAM-…-PLUS with gsasl on a pipe, where the bindings are told to both sides. Over real TLS: <see cref="TlsCases"/>.</summary>
static class BindingCases
{
    static readonly byte[] _seen = RandomNumberGenerator.GetBytes(32), _other = RandomNumberGenerator.GetBytes(32);

    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) =>
        !mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding) ? []
            : peer switch
            {
                GsaslClient client => OfClient(mechanism, client),
                GsaslServer server => OfServer(mechanism, server),
                _ => [],
            };

    static IEnumerable<Case> OfClient(SaslMechanism mechanism, ClientPeer client)
    {
        foreach (var type in (string[])[ChannelBindings.Exporter, ChannelBindings.Unique])
        {
            var login = new Login(mechanism.Name) { Binding = (type, _seen) };
            yield return new($"{type} as told", () => Expect.IsIn(client, login, new House(), "alice", Channel(type, _seen)));
            yield return new($"{type} as told, against stored keys", () => Expect.IsIn(client, login, new House(cleartext: false), "alice", Channel(type, _seen)));
            yield return new($"{type} of another channel refused", () => Expect.IsRefused(client, login, new House(), FailureKind.ChannelBinding, Channel(type, _other)));
            yield return new($"{type} as told, wrong password refused",
                () => Expect.IsRefused(client, login with { Password = "crayon" }, new House(), FailureKind.BadCredentials, Channel(type, _seen)));
            yield return new($"{type} that the server has not refused", () => Expect.IsRefused(client, login, new House(), FailureKind.ChannelBinding,
                Channel(ChannelBindings.EndPoint, _seen)));
        }
    }

    static IEnumerable<Case> OfServer(SaslMechanism mechanism, ServerPeer server)
    {
        foreach (var type in (string[])[ChannelBindings.Exporter, ChannelBindings.Unique])
        {
            var login = new Login(mechanism.Name) { Binding = (type, _seen) };
            yield return new($"{type} as told", () => Expect.LetsIn(server, login, "alice", Channel(type, _seen)));
            yield return new($"{type} of another channel refused", () => Expect.Refuses(server, login, Channel(type, _other)));
            yield return new($"{type} as told, wrong password refused", () => Expect.Refuses(server, login with { Password = "crayon" }, Channel(type, _seen)));
        }
    }

    static SaslChannel Channel(string type, byte[] data) => new() { IsEncrypted = true, Bindings = new ChannelBindings((type, data)) };
}
