namespace Sasl.Mechanisms;

/// <summary>
/// The server's knowledge of secrets, as mechanisms ask for it. For an unknown user the answers take as long and look the same as
/// for a known one with a wrong secret.
/// </summary>
public interface ICredentials
{
    /// <summary>Is this the user's password? The memory is the mechanism's: no copy is kept.</summary>
    ValueTask<Verification> VerifyPasswordAsync(string authenticationId, ReadOnlyMemory<byte> password, CancellationToken stop);

    /// <summary>The user's stored secret of a kind ("SCRAM-SHA-256", "CRAM-MD5", "PLAIN", …).</summary>
    ValueTask<StoredSecret> FindSecretAsync(string authenticationId, string kind, CancellationToken stop) =>
        ValueTask.FromResult(new StoredSecret(Verification.Refused(FailureKind.BadCredentials, $"no {kind} secrets here"), default));

    /// <summary>Is this bearer token (RFC 7628) good, and whose is it?</summary>
    ValueTask<Verification> ValidateTokenAsync(string authenticationId, ReadOnlyMemory<byte> token, CancellationToken stop) =>
        ValueTask.FromResult(Verification.Refused(FailureKind.BadCredentials, "no tokens here"));

    /// <summary>May the proven identity act as another one? Only asked when they differ.</summary>
    ValueTask<bool> MayActAsAsync(string authenticationId, string authorizationId, CancellationToken stop) => ValueTask.FromResult(false);
}

/// <summary>The answer to one question about an identity.</summary>
/// <param name="Id">Accepted: the identity in the host's own spelling (case, default domain).</param>
/// <param name="Refusal">null when accepted.</param>
/// <param name="Reason">For the log only.</param>
public readonly record struct Verification(string Id, FailureKind? Refusal, string Reason)
{
    public bool IsAccepted => Refusal is null;

    public static Verification Accepted(string id) => new(id, null, "");

    public static Verification Refused(FailureKind kind, string reason) => new("", kind, reason);
}

/// <summary>A stored secret, or why there is none. The data stays the host's and is only read during the exchange.</summary>
public readonly record struct StoredSecret(Verification Verification, ReadOnlyMemory<byte> Data);

/// <summary>A client's own identity and secret.</summary>
/// <param name="AuthorizationId">Whom to act as; empty for oneself.</param>
/// <param name="Password">UTF-8. The caller zeroes it.</param>
public sealed record ClientCredentials(string AuthenticationId, string AuthorizationId, ReadOnlyMemory<byte> Password);
