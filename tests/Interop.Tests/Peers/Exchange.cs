using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>A client program, as SASL messages.</summary>
interface IClientDialogue : IAsyncDisposable
{
    /// <summary>What it sent with the mechanism's name: null for nothing.</summary>
    byte[]? Initial { get; }

    /// <summary>Its answer; null when it gives up.</summary>
    Task<byte[]?> AnswerAsync(byte[] challenge);

    /// <summary>Tells it that it is in, and says whether it takes that for true.</summary>
    Task<bool> SucceedAsync(byte[]? finalData);

    /// <summary>What it said, for the reader of a red test.</summary>
    string Transcript { get; }
}

/// <summary>A server program, as SASL messages.</summary>
interface IServerDialogue : IAsyncDisposable
{
    /// <summary>The mechanism's name and the initial response, null for none.</summary>
    Task<ServerStep> StartAsync(string mechanism, byte[]? initial);

    Task<ServerStep> AnswerAsync(byte[] message);

    /// <summary>What our client sees of the connection.</summary>
    SaslChannel Channel => SaslChannel.Unknown;

    string Transcript { get; }
}

/// <summary>A program that goes on after its login and talks through the security layer.</summary>
interface ILayered
{
    Task WriteAsync(byte[] wire);

    /// <summary>Null at the end.</summary>
    Task<byte[]?> ReadAsync();

    /// <summary>The text that it took out of what we wrote.</summary>
    Task<string?> ReadOpenedAsync();

    string Transcript { get; }
}

/// <summary>What a server program said.</summary>
abstract record ServerStep
{
    public sealed record Challenge(byte[] Message) : ServerStep;

    /// <param name="FinalData">null for none.</param>
    /// <param name="Identity">As whom we are in, when it says so.</param>
    public sealed record Yes(byte[]? FinalData, string? Identity) : ServerStep;

    public sealed record No(string Said) : ServerStep;
}

/// <summary>How both sides saw the end.</summary>
/// <param name="Ours">Our session's outcome.</param>
/// <param name="Theirs">The peer is content.</param>
/// <param name="Identity">As whom a server let us in, when it says so.</param>
/// <param name="Transcript">What the peer said.</param>
sealed record Ended(SaslOutcome Ours, bool Theirs, string? Identity, string Transcript);

static class Exchange
{
    public static async Task<Ended> ServeAsync(SaslServerSession server, IClientDialogue client)
    {
        var step = await server.StepAsync(client.Initial);
        while (step.Message is { } challenge)
        {
            if (await client.AnswerAsync(challenge) is not { } answer)
                return new(new SaslOutcome.Failure(FailureKind.Temporary, "the client gave up"), false, null, client.Transcript);
            step = await server.StepAsync(answer);
        }
        var isIn = step.Outcome is SaslOutcome.Success success && await client.SucceedAsync(success.FinalData);
        return new(step.Outcome!, isIn, null, client.Transcript);
    }

    public static async Task<Ended> LogInAsync(SaslClientSession client, IServerDialogue server, Login login)
    {
        var first = await client.StartAsync(login.Initial);
        if (first.Outcome is { } impossible)
            return new(impossible, false, null, "");
        var said = await server.StartAsync(client.Mechanism.Name, first.Message);
        while (said is ServerStep.Challenge challenge)
        {
            var step = await client.StepAsync(challenge.Message);
            if (step.Message is not { } answer)
                return new(step.Outcome!, false, null, server.Transcript);
            said = await server.AnswerAsync(answer);
        }
        return said is ServerStep.Yes yes
            ? new(await client.FinishAsync(yes.FinalData), true, yes.Identity, server.Transcript)
            : new(new SaslOutcome.Failure(FailureKind.BadCredentials, ((ServerStep.No)said).Said), false, null, server.Transcript);
    }
}
