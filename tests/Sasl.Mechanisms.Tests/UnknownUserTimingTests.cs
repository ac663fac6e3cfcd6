using System.Diagnostics;
using System.Text;

namespace Sasl.Mechanisms.Tests;

/// <summary>
/// A user who is not there takes as long as one with a wrong password. Exchanges of both kinds take turns, so that whatever else the machine does meets
/// both alike; the medians of 300 of each may differ by a tenth, or by 5 microseconds. A difference of the code is there in every attempt, one of
/// the machine is not: one of eight attempts must be within that.
/// </summary>
public sealed class UnknownUserTimingTests
{
    const int Samples = 300, Attempts = 8;
    const double Tolerance = 0.10;
    static readonly TimeSpan _tolerance = TimeSpan.FromMicroseconds(5);

    public static TheoryData<string, bool> Cases => new()
    {
        { "SCRAM-SHA-256", false }, { "SCRAM-SHA-256", true }, { "SCRAM-SHA-1", false }, { "SCRAM-SHA-512", false }, { "CRAM-MD5", false }, { "CRAM-MD5", true },
        { "DIGEST-MD5", false }, { "DIGEST-MD5", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Both_take_as_long(string mechanism, bool isCleartext)
    {
        var seen = new List<string>();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (known, unknown) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (var i = -20; i < Samples; i++)
            {
                var order = i % 2 == 0 ? new[] { ("user", known), ("nobo", unknown) } : [("nobo", unknown), ("user", known)];
                foreach (var (name, times) in order)
                {
                    var time = await TimeAsync(mechanism, isCleartext, name);
                    if (i >= 0)
                        times.Add(time);
                }
            }
            var (k, u) = (Median(known), Median(unknown));
            if ((k - u).Duration() <= _tolerance || (k - u).Duration() <= k * Tolerance)
                return;
            seen.Add($"{k.TotalMicroseconds:0.0} against {u.TotalMicroseconds:0.0} us");
        }
        Assert.Fail($"{mechanism}: a known user and an unknown one can be told apart: {string.Join("; ", seen)}");
    }

    /// <summary>The time in the server's steps.</summary>
    static async Task<TimeSpan> TimeAsync(string mechanism, bool isCleartext, string name)
    {
        // One round of PBKDF2: the work beside it is what could differ.
        var settings = _settings;
        using var server = new SaslServerSession(SaslMechanisms.Find(mechanism)!, new Store(mechanism, isCleartext), _channel, settings);
        using var client = new SaslClientSession(server.Mechanism, new(name, "", Encoding.UTF8.GetBytes("wrong")), _channel, settings);
        var spent = TimeSpan.Zero;
        var message = (await client.StartAsync()).Message;
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            var step = await server.StepAsync(message);
            spent += Stopwatch.GetElapsedTime(began);
            if (step.Outcome is { } outcome)
            {
                Assert.Equal(FailureKind.BadCredentials, Assert.IsType<SaslOutcome.Failure>(outcome).Kind);
                return spent;
            }
            message = (await client.StepAsync(step.Message!)).Message!;
        }
    }

    static readonly SaslChannel _channel = new() { Service = "imap", HostName = "mail.example.org" };
    static readonly SaslSettings _settings = SaslSettings.Default with { Iterations = 1, LeastIterations = 1 };

    static TimeSpan Median(List<TimeSpan> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    sealed class Store(string mechanism, bool isCleartext) : ISaslCredentials
    {
        static readonly Dictionary<string, StoredSecret> _secrets = new()
        {
            ["CRAM-MD5"] = new CramMd5Secret(CramMd5.Context("right"u8)),
            ["DIGEST-MD5"] = new DigestMd5Secret(System.Security.Cryptography.MD5.HashData("user:mail.example.org:right"u8)),
        };

        static Store()
        {
            foreach (var hash in ScramHash.All)
                _secrets[hash.MechanismName] = ScramSecret.Derive(hash, "right"u8, "salt of sixteen."u8.ToArray(), 1);
        }

        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) => throw new NotSupportedException();

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) => new(request.AuthenticationId == "user"
            ? SecretAnswer.Found("user", isCleartext ? new CleartextSecret("right"u8.ToArray()) : _secrets[mechanism])
            : SecretAnswer.Refused(FailureKind.BadCredentials, "nobody", isCleartext ? SecretKind.Cleartext : null));
    }
}
