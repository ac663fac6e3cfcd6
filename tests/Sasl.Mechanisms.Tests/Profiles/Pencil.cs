namespace Sasl.Mechanisms.Tests.Profiles;

/// <summary>The user of RFC 7677 §3: "user", "pencil", with the salt of its example.</summary>
sealed class Pencil : ISaslCredentials
{
    static readonly ScramSecret _secret = ScramSecret.Derive(ScramHash.Sha256, "pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        new(authenticationId == "user" && password.Span.SequenceEqual("pencil"u8) ? Verification.Accepted("user") : Verification.Refused(FailureKind.BadCredentials, "no"));

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(request.AuthenticationId == "user" ? SecretAnswer.Found("user", _secret) : SecretAnswer.Refused(FailureKind.BadCredentials, "no"));
}
