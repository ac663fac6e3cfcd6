using System.Security.Cryptography;
using System.Text;
using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>What our server knows: alice, by her cleartext password or by what is stored of it. She may act as bob and nobody else.</summary>
/// <param name="cleartext">False: only what cannot be turned back into the password.</param>
sealed class House(bool cleartext = true) : ISaslCredentials
{
    public string What => cleartext ? "the cleartext password" : "stored keys";

    static readonly byte[] _password = Encoding.UTF8.GetBytes(Login.Right);

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        new(authenticationId != "alice" ? Nobody : password.Span.SequenceEqual(_password) ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "another password"));

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(request.AuthenticationId != "alice" ? SecretAnswer.Refused(FailureKind.BadCredentials, Nobody.Reason, cleartext ? SecretKind.Cleartext : request.Kind)
            : SecretAnswer.Found("alice", cleartext ? new CleartextSecret(_password) : Stored(request)));

    public ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop) =>
        new(authenticationId == "alice" && token.Span.SequenceEqual("good.token"u8) ? Verification.Accepted("alice") : Verification.Refused(FailureKind.BadCredentials, "no such token"));

    public ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop) => new(authorizationId == "bob");

    static Verification Nobody => Verification.Refused(FailureKind.BadCredentials, "nobody of that name");

    static StoredSecret Stored(SecretRequest request) => request.Kind switch
    {
        SecretKind.CramMd5 => new CramMd5Secret(CramMd5Context),
        SecretKind.DigestMd5 => new DigestMd5Secret(MD5.HashData(Encoding.UTF8.GetBytes($"alice:{request.Realm}:{Login.Right}"))),
        _ when ScramHash.All.FirstOrDefault(hash => hash.Kind == request.Kind) is { } hash => ScramSecret.Derive(hash, _password, "salt-salt-salt-s"u8.ToArray(), 4096),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Kind, "nothing is stored of this kind"),
    };

    // HMAC-MD5's state after "pencil", as doveadm pw -s CRAM-MD5 -p pencil prints it.
    static readonly byte[] CramMd5Context = Convert.FromHexString("7f47ace0e2af8f6cdeb72c03243a8c87834e19104164d6a42de72d243adb4080");
}
