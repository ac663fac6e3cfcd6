using Interop.Tests.Matrix;
using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>ANONYMOUS and EXTERNAL.</summary>
static class NoPasswordCases
{
    public static IEnumerable<Case> Of(SaslMechanism mechanism, Peer peer) => (mechanism.Name, peer) switch
    {
        ("ANONYMOUS", GsaslServer server) =>
        [
            new("in", () => Expect.Fails(server, new("ANONYMOUS"), "No callback specified by caller"))
            {
                Fault = "its command line has no callback that would admit anybody (\"No callback specified by caller\")",
            },
        ],
        ("EXTERNAL", GsaslServer server) =>
        [
            new("in", () => Expect.Fails(server, new("EXTERNAL"), "No callback specified by caller"))
            {
                Fault = "its command line has no callback that would admit anybody (\"No callback specified by caller\")",
            },
        ],
        ("EXTERNAL", CyrusServer server) =>
        [
            new("in as alice", () => Expect.Fails(server, new("EXTERNAL") { As = "alice" }, "Requested identity not authenticated identity"))
            {
                Fault = "sasl-sample-server hands the library a pointer in place of the identity of -e id=…, and every name is another one",
            },
        ],
        ("ANONYMOUS", ClientPeer client) => Anonymous(client),
        ("ANONYMOUS", ServerPeer server) => Anonymous(server),
        ("EXTERNAL", ClientPeer client) => External(client),
        ("EXTERNAL", ServerPeer server) => External(server),
        _ => [],
    };

    static IEnumerable<Case> Anonymous(ClientPeer client)
    {
        foreach (var (login, how) in WithAndWithoutInitial("ANONYMOUS"))
        {
            yield return new($"in, with a trace{how}", async () =>
            {
                using var session = new SaslServerSession(SaslMechanisms.Find("ANONYMOUS")!, new House());
                var ended = await client.LogInAsync(login, session);
                Assert.True(ended is { Theirs: true, Ours: SaslOutcome.Success { IsAnonymous: true, Trace.Length: > 0 } }, $"{ended.Ours}\n{ended.Transcript}");
            });
        }
    }

    static IEnumerable<Case> Anonymous(ServerPeer server) =>
        WithAndWithoutInitial("ANONYMOUS").Select(one => new Case($"in, with a trace{one.How}", () => Expect.LetsIn(server, one.Login, "anonymous")));

    static IEnumerable<Case> External(ClientPeer client)
    {
        var alice = new SaslChannel { IsEncrypted = true, ExternalId = "alice" };
        foreach (var (login, how) in WithAndWithoutInitial("EXTERNAL"))
            yield return new($"in as whom the channel proves{how}", () => Expect.IsIn(client, login, new House(), "alice", alice));
        yield return new("may act as bob", () => Expect.IsIn(client, new("EXTERNAL") { As = "bob" }, new House(), "bob", alice));
        yield return new("may not act as carol", () => Expect.IsRefused(client, new("EXTERNAL") { As = "carol" }, new House(), FailureKind.NotAuthorized, alice));
        yield return new("a channel that proves nobody refused", () => Expect.IsRefused(client, new("EXTERNAL"), new House(), FailureKind.BadCredentials));
    }

    static IEnumerable<Case> External(ServerPeer server)
    {
        foreach (var (login, how) in WithAndWithoutInitial("EXTERNAL"))
            yield return new($"in as whom the channel proves{how}", () => Expect.LetsIn(server, login, "alice"));
        yield return new("may not act as carol", () => Expect.Refuses(server, new("EXTERNAL") { As = "carol" }));
    }

    static IEnumerable<(Login Login, string How)> WithAndWithoutInitial(string mechanism) =>
        [(new(mechanism), ""), (new(mechanism) { Initial = false }, ", without an initial response")];
}
