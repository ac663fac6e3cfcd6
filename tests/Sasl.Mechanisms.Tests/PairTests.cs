using System.Text;

namespace Sasl.Mechanisms.Tests;

/// <summary>Each mechanism's client against its server: with and without an initial response, under every policy, right and wrong.</summary>
public sealed class PairTests
{
    static readonly SaslChannel _channel = new()
    {
        Service = "imap", HostName = "mail.example.org", IsEncrypted = true, ExternalSsf = 128, ExternalId = "alice",
        Bindings = new ChannelBindings((ChannelBindings.Exporter, "exported"u8.ToArray()), (ChannelBindings.EndPoint, new byte[32])),
    };

    static readonly SaslPolicy[] _policies =
    [
        SaslPolicy.Default with { NoAnonymous = false },
        new() { NoPlaintext = true }, new() { NoActive = true }, new() { NoDictionary = true }, new() { ForwardSecrecy = true }, new() { MutualAuth = true },
        new() { MinSsf = 128, MaxSsf = 256 }, new() { Allowed = ["PLAIN", "SCRAM-SHA-256"] }, new() { PlaintextOnlyUnderTls = false },
    ];

    /// <summary>Mechanisms that run without a service of their own; Kerberos has its tests beside a real KDC.</summary>
    static IEnumerable<SaslMechanism> Mechanisms => SaslMechanisms.All.Where(m => m.Need != ClientNeed.Kerberos);

    public static TheoryData<string, bool, int> Pairs
    {
        get
        {
            var data = new TheoryData<string, bool, int>();
            foreach (var mechanism in Mechanisms)
            {
                foreach (var initial in new[] { true, false })
                {
                    for (var policy = 0; policy < _policies.Length; policy++)
                        data.Add(mechanism.Name, initial, policy);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Under_a_policy(string name, bool initial, int policy)
    {
        var settings = SaslSettings.Default with { Policy = _policies[policy] };
        var server = new SaslServer(new Store(), settings);
        var (session, reason) = server.Start(name, _channel);
        // What the policy refuses is neither offered nor started.
        Assert.Equal(session is null, settings.Policy.Refuse(SaslMechanisms.Find(name)!, _channel) is not null);
        Assert.Equal(session is null, reason.Length > 0);
        if (session is null)
            return;
        var (client, outcome) = await RunAsync(session, Own("wonderland", "good"), initial, settings);
        var success = Assert.IsType<SaslOutcome.Success>(outcome);
        Assert.IsType<SaslOutcome.Success>(client);
        Assert.Equal(name == "ANONYMOUS" ? "anonymous" : "alice", success.AuthorizationId);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task With_the_wrong_secret(string name, bool initial, int policy)
    {
        var mechanism = SaslMechanisms.Find(name)!;
        var settings = SaslSettings.Default with { Policy = _policies[policy] };
        if (mechanism.Need is ClientNeed.Nothing or ClientNeed.Channel || new SaslServer(new Store(), settings).Start(name, _channel).Session is not { } session)
            return;
        var (client, outcome) = await RunAsync(session, Own("looking-glass", "stolen"), initial, settings);
        Assert.Equal(FailureKind.BadCredentials, Assert.IsType<SaslOutcome.Failure>(outcome).Kind);
        Assert.IsNotType<SaslOutcome.Success>(client);
    }

    static ClientCredentials Own(string password, string token) =>
        new("alice", "", Encoding.UTF8.GetBytes(password)) { Token = Encoding.UTF8.GetBytes(token) };

    static async Task<(SaslOutcome? Client, SaslOutcome Server)> RunAsync(SaslServerSession server, ClientCredentials own, bool initial, SaslSettings settings)
    {
        using (server)
        {
            using var client = new SaslClientSession(server.Mechanism, own, _channel, settings, serverOffersBinding: true);
            var step = await server.StepAsync((await client.StartAsync(initial)).Message);
            while (step.Message is { } challenge)
            {
                var answer = await client.StepAsync(challenge);
                if (answer.Message is null)
                    return (answer.Outcome, SaslOutcome.Malformed("the client gave up"));
                step = await server.StepAsync(answer.Message);
            }
            return (step.Outcome is SaslOutcome.Success success ? await client.FinishAsync(success.FinalData) : null, step.Outcome!);
        }
    }

    /// <summary>alice by a cleartext password, which serves every mechanism but OTP, a sequence of one-time passwords, and a token.</summary>
    sealed class Store : ISaslCredentials
    {
        StoredSecret _otp = OtpSecret.Derive(OtpHash.Sha1, "wonderland"u8, 499, "ma0001");

        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
            new(authenticationId == "alice" && password.Span.SequenceEqual("wonderland"u8) ? Verification.Accepted("alice")
                : Verification.Refused(FailureKind.BadCredentials, "wrong password"));

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
            new(request.AuthenticationId != "alice" ? SecretAnswer.Refused(FailureKind.BadCredentials, "nobody", SecretKind.Cleartext)
                : SecretAnswer.Found("alice", request.Kind == SecretKind.Otp ? _otp : new CleartextSecret("wonderland"u8.ToArray())));

        public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop)
        {
            var isThere = expected.Equals(_otp);
            _otp = isThere ? replacement : _otp;
            return new(isThere);
        }

        public ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop) =>
            new(token.Span.SequenceEqual("good"u8) ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "unknown token"));
    }
}
