using System.Text;
using CsCheck;

namespace Sasl.Mechanisms.Tests;

/// <summary>Whatever a peer sends, each step ends in a value: at every step of every mechanism, on both sides.</summary>
public sealed class AnyBytesTests
{
    static readonly SaslChannel _channel = new()
    {
        Service = "imap", HostName = "mail.example.org", IsEncrypted = true, ExternalId = "alice", Bindings = new ChannelBindings((ChannelBindings.Exporter, new byte[32])),
    };

    static readonly SaslSettings _settings = SaslSettings.Default with { Iterations = 1, LeastIterations = 1 };

    /// <summary>Bytes of every kind, and letters that the mechanisms' own messages are made of.</summary>
    static readonly Gen<byte[]> _message = Gen.Bool.SelectMany(isText => isText
        ? Gen.String[Gen.Char["nyp=,abcrsvi:mxe \"\0\x1alice0123456789/+-<>@."], 0, 80].Select(Encoding.Latin1.GetBytes)
        : Gen.Byte.Array[0, 80]);

    public static TheoryData<string> Names => [.. SaslMechanisms.All.Where(m => m.Need != ClientNeed.Kerberos).Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_server(string name) => Gen.Select(Gen.Int[0, 3], Gen.Bool, _message, _message).SampleAsync(async (goodSteps, hasInitial, bad, more) =>
    {
        using var client = new SaslClientSession(SaslMechanisms.Find(name)!, new("alice", "", "wonderland"u8.ToArray()) { Token = "t"u8.ToArray() }, _channel, _settings);
        using var server = new SaslServerSession(client.Mechanism, new Cleartext(), _channel, _settings);
        var message = (await client.StartAsync(hasInitial)).Message;
        for (var i = 0; i < goodSteps; i++)
        {
            var step = await server.StepAsync(message);
            if (step.Message is null || (await client.StepAsync(step.Message)).Message is not { } answer)
                break;
            message = answer;
        }
        foreach (var given in new[] { bad, more })
        {
            var step = await server.StepAsync(given);
            Assert.True(step.Message is null != step.Outcome is null);
        }
    }, iter: 300);

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_client(string name) => Gen.Select(_message, _message, _message).SampleAsync(async (first, second, last) =>
    {
        using var client = new SaslClientSession(SaslMechanisms.Find(name)!, new("alice", "", "wonderland"u8.ToArray()) { Token = "t"u8.ToArray() }, _channel, _settings);
        await client.StartAsync();
        foreach (var challenge in new[] { first, second })
            await client.StepAsync(challenge);
        // Nobody who sends noise knows the password.
        if (client.Mechanism.Flags.HasFlag(MechanismFlags.MutualAuth))
            Assert.IsType<SaslOutcome.Failure>(await client.FinishAsync(last));
        else
            await client.FinishAsync(last);
    }, iter: 300);

    sealed class Cleartext : ISaslCredentials
    {
        public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
            new(Verification.Refused(FailureKind.BadCredentials, "no"));

        public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
            new(request.AuthenticationId == "alice" ? SecretAnswer.Found("alice", new CleartextSecret("wonderland"u8.ToArray()))
                : SecretAnswer.Refused(FailureKind.BadCredentials, "nobody", SecretKind.Cleartext));
    }
}
