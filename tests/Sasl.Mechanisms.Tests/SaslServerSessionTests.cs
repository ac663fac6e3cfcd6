using Sasl.Mechanisms;

namespace Sasl.Mechanisms.Tests;

public sealed class SaslServerSessionTests
{
    static SaslServerSession Session(ServerSide server, FirstMessage first = FirstMessage.Client, MechanismFlags flags = MechanismFlags.None) =>
        new(new SaslMechanism("TEST", first, flags, 0, server, (_, _, _) => throw new NotSupportedException()), new PasswordBook());

    static async ValueTask<SaslOutcome> EchoAsync(ISaslDialogue client, ICredentials credentials, CancellationToken stop)
    {
        var message = await client.FirstAsync();
        while (!message.IsEmpty)
            message = await client.AskAsync(message.ToArray());
        return new SaslOutcome.Success("echo", "echo");
    }

    [Fact]
    public async Task An_empty_initial_response_is_not_none()
    {
        using var none = Session(EchoAsync);
        Assert.Empty((await none.StepAsync(null)).Message!);
        using var empty = Session(EchoAsync);
        Assert.True((await empty.StepAsync([])).IsFinished);
    }

    [Fact]
    public async Task A_server_first_mechanism_takes_no_initial_response()
    {
        using var session = Session(EchoAsync, FirstMessage.Server);
        Assert.IsType<SaslOutcome.Failure>((await session.StepAsync("x"u8.ToArray())).Outcome);
    }

    [Fact]
    public async Task Sixty_four_kibibytes_are_the_end_however_they_are_cut()
    {
        using var session = Session(EchoAsync);
        for (var i = 0; i < 64; i++)
            Assert.False((await session.StepAsync(new byte[1024].Select(_ => (byte)'x').ToArray())).IsFinished);
        var step = await session.StepAsync("x"u8.ToArray());
        Assert.Equal(FailureKind.MalformedMessage, Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind);
    }

    [Fact]
    public async Task A_finished_session_keeps_its_outcome()
    {
        using var session = Session(EchoAsync);
        var first = await session.StepAsync([]);
        Assert.Equal(first.Outcome, (await session.StepAsync("again"u8.ToArray())).Outcome);
    }

    [Fact]
    public async Task Secrets_are_zeroed_when_the_exchange_ends()
    {
        var book = new PasswordBook();
        var message = "\0alice\0wonderland"u8.ToArray();
        using var session = new SaslServerSession(SaslMechanisms.Find("PLAIN")!, book);
        await session.StepAsync(message);
        Assert.Equal(10, book.LastPassword.Length);
        Assert.All(book.LastPassword.ToArray(), b => Assert.Equal(0, b));
        Assert.Equal((byte)'w', message[7]);
    }

    [Fact]
    public async Task Giving_up_lets_the_mechanism_go_and_zeroes_what_it_was_told()
    {
        ReadOnlyMemory<byte> told = default;
        Exception? end = null;
        var session = Session(async (client, _, _) =>
        {
            told = await client.FirstAsync();
            try
            {
                await client.AskAsync([]);
            }
            catch (OperationCanceledException given)
            {
                end = given;
                throw;
            }
            return SaslOutcome.Malformed("not reached");
        });
        await session.StepAsync("secret"u8.ToArray());
        session.Dispose();
        await Testing.Eventually.TrueAsync(() => end is not null && told.Span.IndexOfAnyExcept((byte)0) < 0, "the secret is zeroed");
    }

    [Fact]
    public async Task A_mechanism_that_grants_an_impossible_identity_is_overruled()
    {
        using var session = Session((_, _, _) => new(new SaslOutcome.Success("a\0b", "a")));
        Assert.IsType<SaslOutcome.Failure>((await session.StepAsync([])).Outcome);
    }
}
