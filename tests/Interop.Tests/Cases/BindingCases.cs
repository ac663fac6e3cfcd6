using System.Security.Cryptography;
using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Interop.Tests.Wire;
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
                LdapServer server => OfLdap(mechanism, server),
                ServerPeer server => OfTlsServer(mechanism, server),
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

    static IEnumerable<Case> OfTlsServer(SaslMechanism mechanism, ServerPeer server)
    {
        var login = new Login(mechanism.Name);
        const string type = ChannelBindings.EndPoint;
        yield return new($"over TLS, {type}", () => Expect.LetsIn(server, login, "alice"));
        yield return new($"over TLS, {type} of another certificate refused", () => Expect.Refuses(server, login, Channel(type, _other), "hannel binding"));
        yield return new($"over TLS, {type}, wrong password refused", () => Expect.Refuses(server, login with { Password = "crayon" }));
        yield return new("over TLS, without -PLUS as if it had not been offered, refused", async () =>
        {
            var bare = login with { Mechanism = mechanism.Name[..^"-PLUS".Length] };
            var ended = await server.AcceptAsync(bare, channel => new(SaslMechanisms.Find(bare.Mechanism)!, bare.Credentials, channel, serverOffersBinding: false));
            Assert.True(ended is { Theirs: false, Ours: SaslOutcome.Failure }, ended.Transcript);
            Assert.Contains("channel binding", ended.Transcript);
        });
    }

    static IEnumerable<Case> OfLdap(SaslMechanism mechanism, LdapServer server)
    {
        foreach (var type in (string[])[ChannelBindings.EndPoint, ChannelBindings.Unique])
        {
            var login = new Login(mechanism.Name) { Binding = (type, []) };
            yield return new($"over TLS, {type}", () => Expect.Refuses(server, login, words: "Expected: ldap, received: " + type))
            {
                Fault = "OpenLDAP 2.5 tells Cyrus SASL that its bindings are of the type \"ldap\" (RFC 5056 has no such type)",
            };
            yield return new($"over TLS, {type} by the name of \"ldap\"", async () =>
            {
                await using var connection = (LdapConnection)await server.StartAsync(login);
                using var client = new SaslClientSession(mechanism, login.Credentials, connection.AsOpenLdapNamesIt);
                var ended = await Exchange.LogInAsync(client, connection, login);
                Assert.True(ended is { Theirs: true, Ours: SaslOutcome.Success, Identity: "alice" }, $"{ended.Ours}\n{ended.Transcript}");
            });
            yield return new($"over TLS, {type} by the name of \"ldap\", of another channel refused", () => Expect.Refuses(server, login, Channel("ldap", _other), "hannel binding"));
        }
    }

    static SaslChannel Channel(string type, byte[] data) => new() { IsEncrypted = true, Bindings = new ChannelBindings((type, data)) };
}
