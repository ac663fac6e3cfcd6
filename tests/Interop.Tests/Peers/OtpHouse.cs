using Sasl.Mechanisms;

namespace Interop.Tests.Peers;

/// <summary>A house of alice's one-time passwords; she may act as bob.</summary>
sealed class OtpHouse(OtpSecret state) : ISaslCredentials
{
    public OtpSecret State { get; private set; } = state;

    public ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop) =>
        throw new InvalidOperationException("no password is to be verified here");

    public ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(request.AuthenticationId == "alice" ? SecretAnswer.Found("alice", State) : SecretAnswer.Refused(FailureKind.BadCredentials, "nobody of that name"));

    public ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop)
    {
        var isThere = request.AuthenticationId == "alice" && State.Equals((OtpSecret)expected);
        State = isThere ? (OtpSecret)replacement : State;
        return new(isThere);
    }

    public ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop) => new(authorizationId == "bob");
}
