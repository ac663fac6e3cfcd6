using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Sasl.Mechanisms;
using SideBySide.Contenders;

namespace SideBySide.Figures;

/// <summary>
/// The SASL library in this process: a SCRAM-SHA-256 server with stored keys beside libgsasl's, only the time in the servers' steps; our client with
/// 4096 iterations beside the bare call of PBKDF2; the PLAIN server beside its targets.
/// </summary>
static class MechanismFigure
{
    const int Iterations = 4096;

    static readonly byte[] _password = "pencil"u8.ToArray(), _salt = "salt of sixteen."u8.ToArray();
    static readonly ScramSecret _secret = ScramSecret.Derive(ScramHash.Sha256, _password, _salt, Iterations);
    static readonly ByHand _client = new(_password, _secret);

    public static void Run(Report report, int round)
    {
        Action ours = () => report.Add("SCRAM-SHA-256 server steps", "us", Better.Lower, Side.Ours, Scram(OurScram, 20_000));
        Action? peer = LibGsasl.IsThere ? () => report.Add("SCRAM-SHA-256 server steps", "us", Better.Lower, Side.Peer, Scram(TheirScram, 20_000)) : null;
        Contest.InTurn(round, ours, peer);
        Contest.InTurn(round,
            () => report.Add("SCRAM-SHA-256 client (peer: PBKDF2 alone)", "us", Better.Lower, Side.Ours, ClientAsync(1000).GetAwaiter().GetResult()),
            () => report.Add("SCRAM-SHA-256 client (peer: PBKDF2 alone)", "us", Better.Lower, Side.Peer, Pbkdf2(1000)));
        var (time, bytes) = Plain(200_000);
        report.Add("PLAIN server (target 1 us)", "us", Better.Lower, Side.Ours, time);
        report.Add("PLAIN server, allocated (target 512)", "byte", Better.Lower, Side.Ours, bytes);
    }

    /// <summary>Microseconds of the server's two steps, the mean of many exchanges; the first tenth only warms up.</summary>
    static double Scram(Func<long> exchange, int count)
    {
        for (var i = 0; i < count / 10; i++)
            exchange();
        var ticks = 0L;
        for (var i = 0; i < count; i++)
            ticks += exchange();
        return ticks * 1e6 / Stopwatch.Frequency / count;
    }

    static long OurScram()
    {
        var began = Stopwatch.GetTimestamp();
        using var session = new SaslServerSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new OneUser());
        var challenge = Now(session.StepAsync(ByHand.First)).Message!;
        var first = Stopwatch.GetTimestamp() - began;
        var answer = _client.Answer(challenge);
        began = Stopwatch.GetTimestamp();
        var end = Now(session.StepAsync(answer)).Outcome;
        var second = Stopwatch.GetTimestamp() - began;
        return end is SaslOutcome.Success ? first + second : throw new BenchException("our SCRAM server refused the right password");
    }

    static long TheirScram()
    {
        var began = Stopwatch.GetTimestamp();
        using var session = new LibGsasl(_secret);
        var challenge = session.Step(ByHand.First, isLast: false);
        var first = Stopwatch.GetTimestamp() - began;
        var answer = _client.Answer(challenge);
        began = Stopwatch.GetTimestamp();
        session.Step(answer, isLast: true);
        return first + Stopwatch.GetTimestamp() - began;
    }

    static async Task<double> ClientAsync(int count)
    {
        var total = TimeSpan.Zero;
        for (var i = -count / 10; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using var client = new SaslClientSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new("user", "", _password));
            var first = (await client.StartAsync()).Message!;
            var nonce = Encoding.ASCII.GetString(first)[(Encoding.ASCII.GetString(first).IndexOf("r=", StringComparison.Ordinal) + 2)..];
            if ((await client.StepAsync(Encoding.ASCII.GetBytes($"r={nonce}server,s={Convert.ToBase64String(_salt)},i={Iterations}"))).Message is null)
                throw new BenchException("our SCRAM client gave up");
            if (i >= 0)
                total += Stopwatch.GetElapsedTime(began);
        }
        return total.TotalMicroseconds / count;
    }

    static double Pbkdf2(int count)
    {
        var total = TimeSpan.Zero;
        for (var i = -count / 10; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            Rfc2898DeriveBytes.Pbkdf2(_password, _salt, Iterations, HashAlgorithmName.SHA256, 32);
            if (i >= 0)
                total += Stopwatch.GetElapsedTime(began);
        }
        return total.TotalMicroseconds / count;
    }

    static (double Microseconds, double Bytes) Plain(int count)
    {
        var plain = SaslMechanisms.Find("PLAIN")!;
        var credentials = new OneUser();
        var message = "\0user\0pencil"u8.ToArray();
        var (began, before) = (0L, 0L);
        for (var i = -count; i < count; i++)
        {
            if (i == 0)
                (began, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            using var session = new SaslServerSession(plain, credentials);
            if (Now(session.StepAsync(message)).Outcome is not SaslOutcome.Success)
                throw new BenchException("our PLAIN server refused the right password");
        }
        return (Stopwatch.GetElapsedTime(began).TotalMicroseconds / count, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count);
    }

    static SaslStep Now(ValueTask<SaslStep> step) => step.IsCompletedSuccessfully ? step.Result : step.AsTask().GetAwaiter().GetResult();

    sealed class OneUser : ISaslCredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
            new(password.Span.SequenceEqual(_password) ? Verification.Accepted("user") : Verification.Refused(FailureKind.BadCredentials, "wrong"));

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) => new(SecretAnswer.Found("user", _secret));
    }

    /// <summary>A client that has its keys: its time does not count.</summary>
    sealed class ByHand(byte[] password, ScramSecret secret)
    {
        public static readonly byte[] First = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"u8.ToArray();

        readonly byte[] _clientKey = HMACSHA256.HashData(Rfc2898DeriveBytes.Pbkdf2(password, secret.Salt.Span, secret.Iterations, HashAlgorithmName.SHA256, 32), "Client Key"u8);

        public byte[] Answer(byte[] challenge)
        {
            var text = Encoding.ASCII.GetString(challenge);
            var unproven = $"c=biws,r={text[2..text.IndexOf(',')]}";
            var signature = HMACSHA256.HashData(secret.StoredKey.Span, Encoding.ASCII.GetBytes($"{Encoding.ASCII.GetString(First)[3..]},{text},{unproven}"));
            for (var i = 0; i < signature.Length; i++)
                signature[i] ^= _clientKey[i];
            return Encoding.ASCII.GetBytes($"{unproven},p={Convert.ToBase64String(signature)}");
        }
    }
}
