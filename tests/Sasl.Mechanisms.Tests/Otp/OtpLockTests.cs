using System.Text;

namespace Sasl.Mechanisms.Tests.Otp;

/// <summary>Several logins of one user at once: an answer counts once, and nobody may guess beside somebody who types.</summary>
public sealed class OtpLockTests
{
    static readonly OtpSecret _start = OtpSecret.Derive(OtpHash.Sha1, "This is a test."u8, 300, "ke1234");

    static readonly byte[] _right = Encoding.ASCII.GetBytes($"hex:{OtpHash.Sha1.Compute("This is a test."u8, "ke1234", 299):x16}");

    readonly ManualTime _time = new();
    readonly OtpBook _book = new(_start);

    SaslServerSession Session() => new(SaslMechanisms.Find("OTP")!, _book, settings: SaslSettings.Default with { Time = _time, Deadline = Timeout.InfiniteTimeSpan });

    static async Task<SaslStep> BeginAsync(SaslServerSession session, string name = "alice") => await session.StepAsync(Encoding.UTF8.GetBytes("\0" + name));

    [Fact]
    public async Task While_a_challenge_is_out_nobody_else_gets_one()
    {
        using var first = Session();
        using var second = Session();
        Assert.NotNull((await BeginAsync(first)).Message);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(5), _book.State.LockedUntil);
        Assert.Equal(FailureKind.Temporary, Kind(await BeginAsync(second)));
        Assert.IsType<SaslOutcome.Success>((await first.StepAsync(_right)).Outcome);
        Assert.Equal((null, 299), (_book.State.LockedUntil, _book.State.Sequence));
    }

    [Fact]
    public async Task Of_two_that_read_the_same_state_one_gets_the_lock()
    {
        using var first = Session();
        using var second = Session();
        // Both have read the state before either has written it.
        var book = _book;
        var slow = new SaslServerSession(SaslMechanisms.Find("OTP")!, new Stale(book, _start), settings: SaslSettings.Default with { Time = _time });
        Assert.NotNull((await BeginAsync(first)).Message);
        Assert.Equal(FailureKind.Temporary, Kind(await BeginAsync(slow)));
        slow.Dispose();
        Assert.IsType<SaslOutcome.Success>((await first.StepAsync(_right)).Outcome);
    }

    [Fact]
    public async Task Many_at_once_with_one_password_are_one_login()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            using var session = Session();
            var step = await BeginAsync(session);
            return step.Outcome ?? (await session.StepAsync(_right)).Outcome;
        })));
        Assert.Single(outcomes, o => o is SaslOutcome.Success);
        Assert.Equal((299, null), (_book.State.Sequence, _book.State.LockedUntil));
    }

    [Fact]
    public async Task Giving_up_releases_the_lock()
    {
        var first = Session();
        await BeginAsync(first);
        Assert.NotNull(_book.State.LockedUntil);
        first.Dispose();
        await Testing.Eventually.TrueAsync(() => _book.State.Equals(_start), "the lock is released");
        using var second = Session();
        await BeginAsync(second);
        Assert.IsType<SaslOutcome.Success>((await second.StepAsync(_right)).Outcome);
    }

    [Fact]
    public async Task A_lock_that_nobody_released_ends_after_five_minutes()
    {
        using var lost = Session();
        await BeginAsync(lost);
        _time.Now += TimeSpan.FromSeconds(299);
        using (var early = Session())
            Assert.Equal(FailureKind.Temporary, Kind(await BeginAsync(early)));
        _time.Now += TimeSpan.FromSeconds(1);
        using var next = Session();
        Assert.NotNull((await BeginAsync(next)).Message);
        // Who comes back with the right answer now finds another's lock, and does not disturb it.
        Assert.Equal(FailureKind.Temporary, Kind(await lost.StepAsync(_right)));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(5), _book.State.LockedUntil);
        Assert.IsType<SaslOutcome.Success>((await next.StepAsync(_right)).Outcome);
    }

    [Fact]
    public async Task A_wrong_answer_after_the_lock_has_gone_to_another_leaves_it_to_him()
    {
        using var lost = Session();
        await BeginAsync(lost);
        _time.Now += TimeSpan.FromMinutes(5);
        using var next = Session();
        await BeginAsync(next);
        var locked = _book.State;
        Assert.Equal(FailureKind.BadCredentials, Kind(await lost.StepAsync("hex:0000000000000000"u8.ToArray())));
        Assert.Equal(locked, _book.State);
    }

    [Fact]
    public async Task An_answer_to_a_state_that_somebody_else_has_changed_does_not_count()
    {
        using var session = Session();
        await BeginAsync(session);
        // An administrator gave alice another sequence.
        _book.State = OtpSecret.Derive(OtpHash.Md5, "Another pass-phrase"u8, 10, "zz1");
        Assert.Equal(FailureKind.Temporary, Kind(await session.StepAsync(_right)));
        Assert.Equal("zz1", _book.State.Seed);
    }

    [Fact]
    public async Task Who_is_not_there_is_locked_too()
    {
        using var first = Session();
        using var second = Session();
        Assert.NotNull((await BeginAsync(first, "nobody")).Message);
        Assert.Equal(FailureKind.Temporary, Kind(await BeginAsync(second, "nobody")));
        using var other = Session();
        Assert.NotNull((await BeginAsync(other, "nobody else")).Message);
        Assert.Equal(FailureKind.BadCredentials, Kind(await first.StepAsync(_right)));
        using var third = Session();
        Assert.NotNull((await BeginAsync(third, "nobody")).Message);
        _time.Now += TimeSpan.FromMinutes(5);
        using var fourth = Session();
        Assert.NotNull((await BeginAsync(fourth, "nobody")).Message);
    }

    [Fact]
    public void Locks_of_those_who_are_not_there_are_bounded()
    {
        var locks = new OtpDecoyLocks();
        var until = _time.GetUtcNow() + TimeSpan.FromMinutes(5);
        for (var i = 0; i < 5000; i++)
            Assert.True(locks.TryTake($"{i}", _time.GetUtcNow(), until));
        Assert.True(locks.TryTake("0", _time.GetUtcNow(), until));
        Assert.False(locks.TryTake("4999", _time.GetUtcNow(), until));
    }

    static FailureKind Kind(SaslStep step) => Assert.IsType<SaslOutcome.Failure>(step.Outcome).Kind;

    /// <summary>A reader who is late: sees an old state, and writes to the present one.</summary>
    sealed class Stale(OtpBook book, OtpSecret old) : ISaslCredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) => throw new NotSupportedException();

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) => new(SecretAnswer.Found("alice", old));

        public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop) =>
            book.ReplaceSecretAsync(request, expected, replacement, stop);
    }

    sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
