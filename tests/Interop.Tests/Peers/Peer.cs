using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>A real program, on one side of the exchange.</summary>
abstract class Peer
{
    readonly Lazy<Task<string>> _version;
    readonly Lazy<Task<IReadOnlySet<string>>> _mechanisms;

    protected Peer()
    {
        _version = new(() => Task.Run(AskVersionAsync));
        _mechanisms = new(() => Task.Run(AskMechanismsAsync));
    }

    /// <summary>"gsasl"; with the side it is a column of the matrix.</summary>
    public abstract string Name { get; }

    /// <summary>It is the client and we are the server; or the other way round.</summary>
    public abstract bool IsClient { get; }

    /// <summary>How its mechanisms were asked for: stands in the document.</summary>
    public abstract string Evidence { get; }

    /// <summary>Why a mechanism that it has is not tried with it; null when it is.</summary>
    public virtual string? WhyNot(string mechanism) => null;

    public Task<string> VersionAsync() => _version.Value;

    public Task<IReadOnlySet<string>> MechanismsAsync() => _mechanisms.Value;

    protected abstract Task<string> AskVersionAsync();

    protected abstract Task<IReadOnlySet<string>> AskMechanismsAsync();

    protected static IReadOnlySet<string> Words(string text) => text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}

/// <summary>A peer that logs in to us.</summary>
abstract class ClientPeer : Peer
{
    public sealed override bool IsClient => true;

    /// <summary>Starts the program with these credentials, as far as its first message.</summary>
    public abstract Task<IClientDialogue> StartAsync(Login login);

    /// <summary>Lets it log in to our server and says what came of it on both sides.</summary>
    public async Task<Ended> LogInAsync(Login login, SaslServerSession server)
    {
        await using var client = await StartAsync(login);
        return await Exchange.ServeAsync(server, client);
    }
}

/// <summary>A peer that we log in to. It knows alice, whose password is <see cref="Login.Password"/>.</summary>
abstract class ServerPeer : Peer
{
    public sealed override bool IsClient => false;

    /// <summary>It refuses whom it does not know. A server with one password for every name does not.</summary>
    public virtual bool KnowsUsers => true;

    /// <summary>It knows of acting as somebody.</summary>
    public virtual bool HasAuthorizationIds => KnowsUsers;

    /// <summary>Its protocol can carry the mechanism's last data with its yes.</summary>
    public virtual bool HasSuccessData => false;

    /// <summary>Alice's bearer token.</summary>
    public virtual string Token => "good.token";

    /// <summary>Starts the program, or a connection to it, ready for this mechanism.</summary>
    public abstract Task<IServerDialogue> StartAsync(Login login);

    /// <summary>Logs in with our client and says what came of it on both sides.</summary>
    /// <param name="login">With whose credentials.</param>
    /// <param name="start">Makes our client for a connection.</param>
    public async Task<Ended> AcceptAsync(Login login, Func<SaslChannel, SaslClientSession> start)
    {
        await using var server = await StartAsync(login);
        using var client = start(server.Channel);
        return await Exchange.LogInAsync(client, server, login);
    }
}
