using System.Text;
using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>Challenges, answers and stored states as text, and a server that is answered with anything.</summary>
static class OtpTarget
{
    public static readonly string[] Messages =
    [
        "otp-md5 498 ke1234 ext", "otp-sha1 1 A ext,sha", "hex:5bf0 75d9 959d 036f", "word:BOND FOGY DRAB NE RISE MART", "moid cuvy cise agal Bwr lax",
        "init-hex:5bf0 75d9 959d 036f:md5 499 ke1235:3712 dcb4 aa53 16c1", "init-word:BOND FOGY DRAB NE RISE MART:md5 499 ke1235:RED HERD NOW BEAN PA BURG",
        "md5\t0499\tvm1951\t5b78805cc23c0251\t00000000000000000000", "sha1\t0001\t1\tffffffffffffffff\t00000000001767323045\0",
    ];

    public static readonly string[] Answers =
    [
        "hex:5bf075d9959d036f", "word:BOND FOGY DRAB NE RISE MART", "init-hex:5bf075d9959d036f:md5 499 ke1235:3712dcb4aa5316c1", "init-hex:5bf075d9959d036f:md5 499 ke1234:3712dcb4aa5316c1",
        "BOND FOGY DRAB NE RISE MART", "hex:0",
    ];

    /// <summary>What is read is in its bounds and reads the same when it is written.</summary>
    public static void RunMessages(ReadOnlySpan<byte> input)
    {
        if (OtpChallenge.Parse(input) is { } challenge)
            Check.That(challenge.Sequence is >= 1 and <= 9999 && challenge == OtpChallenge.Parse(challenge.ToBytes()), "a challenge reads otherwise than it was written");
        if (OtpSecretText.Parse(Encoding.Latin1.GetString(input)) is { } secret)
            Check.That(secret.Equals(OtpSecretText.Parse(OtpSecretText.Format(secret))), "a state reads otherwise than it was written");
        foreach (var hash in OtpHash.All)
        {
            if (OtpWords.TryRead(input, hash, out var password))
                Check.That(OtpWords.TryRead(Encoding.ASCII.GetBytes(OtpWords.Write(password)), hash, out var again) && again == password, "words read otherwise than they were written");
            if (OtpAnswer.Parse(input, hash) is { New: { } next })
                Check.That(input.Length <= 100 && next.Sequence is >= 1 and <= 9999 && next.Seed.Length is >= 1 and <= 16, "a new sequence out of bounds");
        }
    }

    /// <summary>Only number 499 is a login; a login changes the state, and nothing but a login and that number do.</summary>
    public static void RunServer(ReadOnlySpan<byte> input)
    {
        var store = new OneUser();
        using var session = new SaslServerSession(SaslMechanisms.Find("OTP")!, store);
        Check.That(session.StepAsync("\0alice"u8.ToArray()).AsTask().GetAwaiter().GetResult().Message is not null, "no challenge");
        var outcome = session.StepAsync(input.ToArray()).AsTask().GetAwaiter().GetResult().Outcome;
        var answer = OtpAnswer.Parse(input, OtpHash.Md5);
        var isRight = answer?.Password == 0x5bf075d9959d036f;
        Check.That(outcome is not null && (isRight || outcome is SaslOutcome.Failure), "a login that was not earned");
        Check.That(store.State.LockedUntil is null, "the lock is still there");
        Check.That(isRight == !store.State.Equals(OneUser.Start), "the state has changed without a login, or not by one");
    }

    sealed class OneUser : ISaslCredentials
    {
        public static readonly OtpSecret Start = OtpSecret.Derive(OtpHash.Md5, "This is a test."u8, 500, "ke1234");

        public OtpSecret State { get; private set; } = Start;

        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) => throw new InvalidOperationException();

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) => new(SecretAnswer.Found("alice", State));

        public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop)
        {
            var isThere = State.Equals((OtpSecret)expected);
            State = isThere ? (OtpSecret)replacement : State;
            return new(isThere);
        }
    }
}
