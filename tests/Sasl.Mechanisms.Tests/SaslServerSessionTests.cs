using Sasl.Mechanisms;

namespace Sasl.Mechanisms.Tests;

public sealed class SaslServerSessionTests
{
    static SaslServerSession Session(ServerSide server, FirstMessage first = FirstMessage.Client, MechanismFlags flags = MechanismFlags.None) =>
        new(new SaslMechanism("TEST", first, flags, 0, server, (_, _, _) => throw new NotSupportedException()), new PasswordBook());

    static async ValueTask<SaslOutcome> EchoAsync(ISaslDialogue client, ISaslCredentials credentials, CancellationToken stop)
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

    [Fact]
    public async Task The_deadline_counts_the_clients_time()
    {
        var clock = new Clock();
        using var session = Timed(EchoAsync, clock);
        Assert.NotNull((await session.StepAsync("a"u8.ToArray())).Message);
        clock.Now += TimeSpan.FromSeconds(9);
        Assert.NotNull((await session.StepAsync("b"u8.ToArray())).Message);
        clock.Now += TimeSpan.FromSeconds(2);
        var failure = Assert.IsType<SaslOutcome.Failure>((await session.StepAsync([])).Outcome);
        Assert.Equal(FailureKind.Temporary, failure.Kind);
    }

    [Fact]
    public async Task The_deadline_ends_a_look_up_that_hangs()
    {
        var isStopped = false;
        using var session = new SaslServerSession(new SaslMechanism("TEST", FirstMessage.Client, MechanismFlags.None, 0, async (_, _, stop) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                isStopped = true;
            }
            return SaslOutcome.Malformed("not reached");
        }, (_, _, _) => throw new NotSupportedException()), new PasswordBook(), settings: SaslSettings.Default with { Deadline = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(FailureKind.Temporary, Assert.IsType<SaslOutcome.Failure>((await session.StepAsync([])).Outcome).Kind);
        await Testing.Eventually.TrueAsync(() => isStopped, "the look-up is told to stop");
    }

    [Fact]
    public async Task A_step_that_is_given_up_throws_and_the_exchange_is_over()
    {
        using var session = Session(async (client, _, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return SaslOutcome.Malformed("not reached");
        });
        using var gone = new CancellationTokenSource();
        var step = session.StepAsync([], gone.Token);
        gone.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await step);
        Assert.IsType<SaslOutcome.Failure>((await session.StepAsync("more"u8.ToArray())).Outcome);
    }

    [Fact]
    public async Task What_the_credentials_throw_comes_out()
    {
        using var session = Session(async (client, _, _) =>
        {
            await client.FirstAsync();
            await client.AskAsync([]);
            await Task.Yield();
            throw new InvalidDataException("broken database");
        });
        await session.StepAsync("a"u8.ToArray());
        await Assert.ThrowsAsync<InvalidDataException>(async () => await session.StepAsync("b"u8.ToArray()));
    }

    // A host with one thread for everything (a user interface) that waits for a step on it.
    [Fact]
    public void A_synchronization_context_of_the_host_is_not_used()
    {
        var before = SynchronizationContext.Current;
        try
        {
            SynchronizationContext.SetSynchronizationContext(new Deaf());
            using var session = new SaslServerSession(SaslMechanisms.Find("LOGIN")!, new PasswordBook());
            Assert.NotNull(Wait(session.StepAsync(null)).Message);
            Assert.NotNull(Wait(session.StepAsync("alice"u8.ToArray())).Message);
            Assert.IsType<SaslOutcome.Success>(Wait(session.StepAsync("wonderland"u8.ToArray())).Outcome);
            Assert.IsType<Deaf>(SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public async Task A_thousand_steps_keep_the_stack_flat()
    {
        using var session = Session(EchoAsync);
        for (var i = 0; i < 20_000; i++)
            Assert.False((await session.StepAsync("x"u8.ToArray())).IsFinished);
    }

    static SaslStep Wait(ValueTask<SaslStep> step) => step.AsTask().GetAwaiter().GetResult();

    static SaslServerSession Timed(ServerSide server, Clock clock) =>
        new(new SaslMechanism("TEST", FirstMessage.Client, MechanismFlags.None, 0, server, (_, _, _) => throw new NotSupportedException()), new PasswordBook(),
            settings: SaslSettings.Default with { Deadline = TimeSpan.FromSeconds(10), Time = clock });

    sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    /// <summary>Runs nothing that is posted to it.</summary>
    sealed class Deaf : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
