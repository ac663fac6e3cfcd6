namespace Sasl.Mechanisms;

/// <summary>
/// The server's knowledge of secrets, as mechanisms ask for it. For an unknown user the answers take as long and look the same as
/// for a known one with a wrong secret. Only <see cref="VerifyPasswordAsync"/> must be there: what a host does not have, it does not offer.
/// </summary>
public interface ISaslCredentials
{
    /// <summary>Is this the user's password? The memory is the mechanism's: no copy is kept.</summary>
    ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop);

    /// <summary>
    /// A user's stored secret of the kind that is asked for, or the cleartext password: every kind but OTP is derived from that. A disabled or expired
    /// user is refused with what he has: the exchange goes on to its end, so that only who knows the secret learns of it.
    /// </summary>
    ValueTask<SecretAnswer> FindSecretAsync(SecretRequest request, CancellationToken stop) =>
        new(SecretAnswer.Refused(FailureKind.BadCredentials, "no stored secrets here"));

    /// <summary>
    /// Puts a secret in another's place, if that still stands there (compare and swap): false when somebody was quicker. For one-time
    /// passwords, where two logins with the same one must not both succeed. Equal states are what <see cref="OtpSecret.Equals(OtpSecret)"/> or the
    /// texts of <see cref="OtpSecretText"/> say; the comparison and the change are one step for all processes and servers that share the store. Also
    /// asked for a user who is not there, so that it takes as long.
    /// </summary>
    ValueTask<bool> ReplaceSecretAsync(SecretRequest request, StoredSecret expected, StoredSecret replacement, CancellationToken stop) => new(false);

    /// <summary>Is this bearer token (RFC 7628) good, and whose is it?</summary>
    /// <param name="authenticationId">The user that the client names; may be empty.</param>
    /// <param name="token">Without "Bearer". The memory is the mechanism's.</param>
    /// <param name="stop">The exchange was given up.</param>
    ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop) =>
        new(Verification.Refused(FailureKind.BadCredentials, "no tokens here"));

    /// <summary>Is an identity that the channel or Kerberos has proven one of ours, and how do we spell it?</summary>
    ValueTask<Verification> AcceptProvenAsync(string authenticationId, SaslMechanism mechanism, CancellationToken stop) =>
        new(Verification.Accepted(authenticationId));

    /// <summary>May the proven identity act as another one? Only asked when they differ.</summary>
    ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop) => new(false);
}

/// <summary>The answer to one question about an identity.</summary>
/// <param name="Id">Accepted: the identity in the host's own spelling (case, default domain).</param>
/// <param name="Refusal">null when accepted.</param>
/// <param name="Reason">For the log only.</param>
public readonly record struct Verification(string Id, FailureKind? Refusal, string Reason)
{
    /// <summary>It is this identity, and it may log in.</summary>
    public bool IsAccepted => Refusal is null;

    /// <summary>Yes.</summary>
    public static Verification Accepted(string id) => new(id, null, "");

    /// <summary>No, and why.</summary>
    public static Verification Refused(FailureKind kind, string reason) => new("", kind, reason);
}
