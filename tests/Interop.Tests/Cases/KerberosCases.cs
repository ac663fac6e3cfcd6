using System.Buffers;
using System.Text;
using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>GSSAPI and GSS-SPNEGO with a real KDC: tickets, keys, identities, and every security layer with data through it.</summary>
static class KerberosCases
{
    static readonly SaslChannel _channel = new() { Service = KerberosPlace.Service, HostName = KerberosPlace.Host };

    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) => mechanism.Need != ClientNeed.Kerberos ? []
        : peer switch
        {
            MailKitClient => [],
            ClientPeer client => OfClient(mechanism, client),
            ServerPeer server => OfServer(mechanism, server),
            _ => [],
        };

    static IEnumerable<Case> OfClient(SaslMechanism mechanism, ClientPeer client)
    {
        var login = new Login(mechanism.Name);
        yield return new("in with a ticket", () => IsIn(client, login, "alice"));
        yield return new("in with a ticket, without an initial response", () => IsIn(client, login with { Initial = false }, "alice"));
        yield return new("a server with another key refuses", () => RefusesAnotherKey(client, login));
        if (mechanism.Name == "GSSAPI")
        {
            yield return new("may act as bob", () => IsIn(client, login with { As = "bob" }, "bob"));
            yield return new("may not act as carol", () => MayNot(client, login with { As = "carol" }));
        }
        if (client is not CyrusClient)
            yield break;
        foreach (var (ssf, what) in Layers(mechanism, client))
            yield return new($"{what}, with data both ways", () => IsIn(client, login with { Layer = (ssf, ssf) }, "alice"));
    }

    static IEnumerable<Case> OfServer(SaslMechanism mechanism, ServerPeer server)
    {
        var login = new Login(mechanism.Name);
        yield return new("in with a ticket", () => LetsIn(server, login));
        yield return new("in with a ticket, without an initial response", () => LetsIn(server, login with { Initial = false }));
        if (server.HasSuccessData)
            yield return new("in with a ticket, the server's last token with its success", () => LetsIn(server, login with { SuccessData = true }));
        if (server is not DovecotServer)
            yield return new("a server with another key is not trusted", () => Refuses(server, login, place => place with { Keytab = place.OldKeytab }));
        // Dovecot's GSS-SPNEGO goes on as GSSAPI does.
        if (mechanism.Name == "GSSAPI" || server is DovecotServer)
        {
            yield return new("acts as alice by name", () => LetsIn(server, login with { As = "alice" }));
            if (server.KnowsUsers)
                yield return new("may not act as carol", () => Refuses(server, login with { As = "carol" }, place => place));
        }
        if (server is not CyrusServer)
            yield break;
        foreach (var (ssf, what) in Layers(mechanism, server))
            yield return new($"{what}, with data both ways", () => LetsIn(server, login with { Layer = (ssf, ssf) }));
    }

    // Cyrus as a client of GSS-SPNEGO asks for encryption whenever it may have any layer.
    static IEnumerable<(int Ssf, string What)> Layers(SaslMechanism mechanism, Peer peer) =>
        mechanism.Name == "GSS-SPNEGO" && peer.IsClient ? [(256, "confidentiality")] : [(1, "integrity"), (256, "confidentiality")];

    static async Task IsIn(ClientPeer peer, Login login, string asWhom)
    {
        var place = await KerberosPlace.AskAsync();
        using var session = Session(login, place.Keytab);
        await using var client = await peer.StartAsync(login with { Kerberos = place });
        var ended = await Exchange.ServeAsync(session, client);
        Assert.True(ended is { Theirs: true, Ours: SaslOutcome.Success }, $"{ended.Ours}\n{ended.Transcript}");
        var success = (SaslOutcome.Success)ended.Ours;
        Assert.Equal(("alice", asWhom), (success.AuthenticationId, success.AuthorizationId));
        using var layer = success.Layer;
        await Talk(login, layer, client as ILayered, weBegin: true);
    }

    static async Task MayNot(ClientPeer peer, Login login)
    {
        var place = await KerberosPlace.AskAsync();
        using var session = Session(login, place.Keytab);
        await using var client = await peer.StartAsync(login with { Kerberos = place });
        var ended = await Exchange.ServeAsync(session, client);
        Assert.True(ended.Ours is SaslOutcome.Failure { Kind: FailureKind.NotAuthorized }, $"{ended.Ours}\n{ended.Transcript}");
    }

    static async Task RefusesAnotherKey(ClientPeer peer, Login login)
    {
        var place = await KerberosPlace.AskAsync();
        using var session = Session(login, place.OldKeytab);
        await using var client = await peer.StartAsync(login with { Kerberos = place });
        var ended = await Exchange.ServeAsync(session, client);
        Assert.True(ended.Ours is SaslOutcome.Failure { Kind: FailureKind.BadCredentials }, $"{ended.Ours}\n{ended.Transcript}");
    }

    static SaslServerSession Session(Login login, string keytab) =>
        new(SaslMechanisms.Find(login.Mechanism)!, new House(), _channel, new() { Keytab = keytab, Policy = Policy(login) });

    static async Task LetsIn(ServerPeer peer, Login login)
    {
        login = login with { Kerberos = await KerberosPlace.AskAsync() };
        using var client = new SaslClientSession(SaslMechanisms.Find(login.Mechanism)!, login.Credentials, _channel, new() { Policy = Policy(login) });
        await using var server = await peer.StartAsync(login);
        var ended = await Exchange.LogInAsync(client, server, login);
        Assert.True(ended is { Theirs: true, Ours: SaslOutcome.Success }, $"{ended.Ours}\n{ended.Transcript}");
        // gsasl says the whole principal, IMAP nothing.
        Assert.Contains(ended.Identity, (string?[])[null, "alice", $"alice@{KerberosPlace.Realm}"]);
        using var layer = ((SaslOutcome.Success)ended.Ours).Layer;
        await Talk(login, layer, server as ILayered, weBegin: false);
    }

    static async Task Refuses(ServerPeer peer, Login login, Func<KerberosPlace, KerberosPlace> change)
    {
        var place = await KerberosPlace.AskAsync();
        login = login with { Kerberos = place };
        using var client = new SaslClientSession(SaslMechanisms.Find(login.Mechanism)!, login.Credentials, _channel);
        await using var server = await peer.StartAsync(login with { Kerberos = change(place) });
        var ended = await Exchange.LogInAsync(client, server, login);
        Assert.True(ended is { Theirs: false, Ours: SaslOutcome.Failure }, $"{ended.Ours}\n{ended.Transcript}");
    }

    static SaslPolicy Policy(Login login) => new() { MinSsf = login.Layer.Least, MaxSsf = login.Layer.Most };

    /// <summary>Each of the Cyrus programs says one thing, and wants to hear one, the server first.</summary>
    static async Task Talk(Login login, SecurityLayer? layer, ILayered? peer, bool weBegin)
    {
        Assert.Equal(login.Layer.Most, layer?.Ssf ?? 0);
        if (layer is null || peer is null)
            return;
        if (weBegin)
            await Say();
        var wrapped = await peer.ReadAsync();
        Assert.True(wrapped is not null, peer.Transcript);
        var input = new ReadOnlySequence<byte>(wrapped);
        var opened = new ArrayBufferWriter<byte>();
        Assert.Equal(UnwrapResult.Data, layer.Unwrap(ref input, opened));
        Assert.Equal(Said(ours: false), Encoding.ASCII.GetString(opened.WrittenSpan).TrimEnd('\0'));
        if (!weBegin)
            await Say();
        Assert.Contains($"< SSF: {layer.Ssf}\n", peer.Transcript);

        async Task Say()
        {
            var wire = new ArrayBufferWriter<byte>();
            layer.Wrap(Encoding.ASCII.GetBytes(Said(ours: true) + '\0'), wire);
            await peer.WriteAsync(wire.WrittenSpan.ToArray());
            Assert.Equal(Said(ours: true), await peer.ReadOpenedAsync());
        }

        string Said(bool ours) => $"{(weBegin == ours ? "srv" : "client")} message 1";
    }
}
