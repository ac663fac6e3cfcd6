using Interop.Tests.Peers;
using Sasl.Mechanisms;

namespace Interop.Tests.Cases;

/// <summary>What a case expects of both sides. A peer's words are shown when it is not so.</summary>
static class Expect
{
    /// <summary>The peer logs in to our server, and both are content.</summary>
    public static async Task IsIn(ClientPeer client, Login login, ISaslCredentials house, string asWhom, SaslChannel? channel = null)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(login.Mechanism)!, house, channel);
        var ended = await client.LogInAsync(login, session);
        Assert.True(ended.Ours is SaslOutcome.Success success && (success.AuthenticationId, success.AuthorizationId) == (login.User, asWhom), $"{ended.Ours}\n{ended.Transcript}");
        Assert.True(ended.Theirs, ended.Transcript);
    }

    /// <summary>Our server refuses the peer, for this reason.</summary>
    public static async Task IsRefused(ClientPeer client, Login login, ISaslCredentials house, FailureKind kind, SaslChannel? channel = null)
    {
        using var session = new SaslServerSession(SaslMechanisms.Find(login.Mechanism)!, house, channel);
        var ended = await client.LogInAsync(login, session);
        Assert.True(ended.Ours is SaslOutcome.Failure failure && failure.Kind == kind, $"{ended.Ours}\n{ended.Transcript}");
    }

    /// <summary>Our client is let in by the peer, and both are content. Without a channel it sees that of the connection.</summary>
    public static async Task LetsIn(ServerPeer server, Login login, string asWhom, SaslChannel? channel = null)
    {
        var ended = await server.AcceptAsync(login, seen => Session(login, channel ?? seen));
        Assert.True(ended.Ours is SaslOutcome.Success && ended.Theirs, $"{ended.Ours}\n{ended.Transcript}");
        if (ended.Identity is not null)
            Assert.Equal(asWhom, ended.Identity);
    }

    /// <summary>The peer refuses our client.</summary>
    /// <param name="words">Among what it says, so that it is for this reason.</param>
    public static async Task Refuses(ServerPeer server, Login login, SaslChannel? channel = null, string words = "")
    {
        var ended = await server.AcceptAsync(login, seen => Session(login, channel ?? seen));
        Assert.True(ended.Ours is SaslOutcome.Failure && !ended.Theirs, $"{ended.Ours}\n{ended.Transcript}");
        Assert.Contains(words, ended.Transcript);
    }

    /// <summary>The peer fails with these words: its fault, which is to be named in the case.</summary>
    public static async Task Fails(ServerPeer server, Login login, string words)
    {
        var ended = await server.AcceptAsync(login, seen => Session(login, seen));
        Assert.False(ended.Theirs, ended.Transcript);
        Assert.Contains(words, ended.Transcript);
    }

    static SaslClientSession Session(Login login, SaslChannel channel) => new(SaslMechanisms.Find(login.Mechanism)!, login.Credentials, channel);
}
