namespace Sasl.Mechanisms.Tests;

/// <summary>Credentials that know one user, "user", by one stored secret; nobody may act as another.</summary>
sealed class OneSecret(StoredSecret secret) : ISaslCredentials
{
    public List<SecretRequest> Asked { get; } = [];

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        throw new InvalidOperationException("no password is to be verified here");

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop)
    {
        Asked.Add(request);
        return new(request.AuthenticationId == "user" ? SecretAnswer.Found("user", secret)
            : SecretAnswer.Refused(FailureKind.BadCredentials, "nobody of that name", secret is CleartextSecret ? SecretKind.Cleartext : null));
    }
}
