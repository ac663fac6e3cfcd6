namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>Credentials that know one user of any name by a cleartext password.</summary>
sealed class OneName(string name, string password) : ISaslCredentials
{
    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> given, CancellationToken stop) => throw new InvalidOperationException();

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(request.AuthenticationId == name ? SecretAnswer.Found(name, new CleartextSecret(Digest.Bytes(password)))
            : SecretAnswer.Refused(FailureKind.BadCredentials, "nobody", SecretKind.Cleartext));
}
