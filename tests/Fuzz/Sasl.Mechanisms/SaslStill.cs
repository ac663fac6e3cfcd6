using Sasl.Mechanisms;

namespace Fuzz;

/// <summary>A world for SASL in which nothing is random and time stands still.</summary>
static class SaslStill
{
    public static readonly SaslChannel Channel = new()
    {
        Service = "imap", HostName = "mail.example.org", IsEncrypted = true, ExternalId = "alice",
        Bindings = new ChannelBindings((ChannelBindings.Exporter, "exported"u8.ToArray())),
    };

    public static readonly SaslSettings Settings = new()
    {
        DecoyKey = new byte[32], LeastIterations = 1, Iterations = 1, MostIterations = 2, Random = bytes => bytes.Span.Fill(0x55), Time = new Stopped(),
        OAuthScope = "mail", OpenIdConfiguration = "https://id.example.org/",
    };

    public static readonly ClientCredentials Own = new("alice", "", "secret"u8.ToArray()) { Token = "token"u8.ToArray() };

    /// <summary>A whole exchange; what each side said is told.</summary>
    public static void Play(SaslClientSession client, SaslServerSession server, bool initial, Action<byte[]?> fromClient, Action<byte[]> fromServer)
    {
        var message = SaslServerTarget.Step(client.StartAsync(initial)).Message;
        while (true)
        {
            fromClient((byte[]?)message?.Clone());
            var step = SaslServerTarget.Step(server.StepAsync(message));
            if (step.Outcome is SaslOutcome.Success { FinalData: { } final })
                fromServer(final);
            if (step.Message is not { } challenge)
                return;
            fromServer((byte[])challenge.Clone());
            message = SaslServerTarget.Step(client.StepAsync(challenge)).Message;
            if (message is null)
                return;
        }
    }

    sealed class Stopped : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}

/// <summary>alice, by password, stored secret and token.</summary>
sealed class OneUser : ISaslCredentials
{
    static readonly Dictionary<SecretKind, ScramSecret> _scram =
        ScramHash.All.ToDictionary(h => h.Kind, h => ScramSecret.Derive(h, "secret"u8, "salt of sixteen."u8.ToArray(), 1));

    static readonly OtpSecret _sequence = new(OtpHash.Md5, 500, "ke1234", OtpHash.Md5.Compute("secret"u8, "ke1234", 500));

    StoredSecret _otp = _sequence;

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        new(authenticationId == "alice" && password.Span.SequenceEqual("secret"u8) ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "no"));

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(request.AuthenticationId != "alice" ? SecretAnswer.Refused(FailureKind.BadCredentials, "no")
            : SecretAnswer.Found("alice", request.Kind == SecretKind.Otp ? _otp : _scram.TryGetValue(request.Kind, out var keys) ? keys : new CleartextSecret("secret"u8.ToArray())));

    public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop)
    {
        var isThere = request.AuthenticationId == "alice" && expected.Equals(_otp);
        _otp = isThere ? replacement : _otp;
        return new(isThere);
    }

    public ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop) =>
        new(token.Span.SequenceEqual("token"u8) ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "no"));
}
