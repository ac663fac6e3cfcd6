using BenchmarkDotNet.Attributes;
using Sasl.Mechanisms;

namespace Micro;

/// <summary>
/// Whole exchanges of each mechanism, one side alone: nothing is random and time stands still, so that the other side's messages, recorded before, fit again.
/// Kerberos is not among them: its library and a KDC would be measured. A client of SCRAM derives its key with 4096 iterations.
/// </summary>
[MemoryDiagnoser]
public class SaslBenchmarks
{
    static readonly SaslChannel _channel = new()
    {
        Service = "imap", HostName = "mail.example.org", IsEncrypted = true, ExternalId = "alice", Bindings = new ChannelBindings((ChannelBindings.Exporter, new byte[32])),
    };

    static readonly SaslSettings _settings = new() { DecoyKey = new byte[32], Random = bytes => bytes.Span.Fill(0x55), Time = new Stopped() };
    static readonly ClientCredentials _own = new("alice", "", "wonderland"u8.ToArray()) { Token = "token"u8.ToArray() };

    readonly List<byte[]?> _fromClient = [];
    readonly List<byte[]> _fromServer = [];
    SaslMechanism _mechanism = null!;

    public static IEnumerable<string> Names => SaslMechanisms.All.Where(m => m.Need != ClientNeed.Kerberos).Select(m => m.Name);

    [ParamsSource(nameof(Names))]
    public string Mechanism { get; set; } = "";

    [GlobalSetup]
    public async Task Record()
    {
        _mechanism = SaslMechanisms.Find(Mechanism)!;
        using var server = new SaslServerSession(_mechanism, new OneUser(), _channel, _settings);
        using var client = new SaslClientSession(_mechanism, _own, _channel, _settings);
        var message = (await client.StartAsync()).Message;
        while (true)
        {
            _fromClient.Add((byte[]?)message?.Clone());
            var step = await server.StepAsync(message);
            if (step.Outcome is { } outcome)
            {
                _finalData = ((SaslOutcome.Success)outcome).FinalData;
                return;
            }
            _fromServer.Add((byte[])step.Message!.Clone());
            message = (await client.StepAsync(step.Message!)).Message;
        }
    }

    byte[]? _finalData;

    [Benchmark]
    public async Task<SaslOutcome> Server()
    {
        using var server = new SaslServerSession(_mechanism, new OneUser(), _channel, _settings);
        SaslStep step = default;
        foreach (var message in _fromClient)
            step = await server.StepAsync(message);
        return step.Outcome as SaslOutcome.Success ?? throw new InvalidOperationException($"{Mechanism}: {step.Outcome}");
    }

    [Benchmark]
    public async Task<SaslOutcome> Client()
    {
        using var client = new SaslClientSession(_mechanism, _own, _channel, _settings);
        await client.StartAsync();
        foreach (var message in _fromServer)
            await client.StepAsync(message);
        return await client.FinishAsync(_finalData) as SaslOutcome.Success ?? throw new InvalidOperationException(Mechanism);
    }

    sealed class OneUser : ISaslCredentials
    {
        static readonly Dictionary<SecretKind, StoredSecret> _secrets = ScramHash.All.ToDictionary(h => h.Kind,
            h => (StoredSecret)ScramSecret.Derive(h, "wonderland"u8, "salt of sixteen."u8.ToArray(), 4096));

        static OneUser() => _secrets[SecretKind.Otp] = OtpSecret.Derive(OtpHash.Sha1, "wonderland"u8, 100, "ma1234");

        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
            new(password.Span.SequenceEqual("wonderland"u8) ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "wrong"));

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
            new(SecretAnswer.Found("alice", _secrets.TryGetValue(request.Kind, out var secret) ? secret : new CleartextSecret("wonderland"u8.ToArray())));

        public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop) => new(true);

        public ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop) => new(Verification.Accepted("alice"));
    }

    sealed class Stopped : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
