namespace Sasl.Mechanisms;

/// <summary>What kind of stored secret a mechanism can use.</summary>
public enum SecretKind
{
    /// <summary>The password itself: every other kind but <see cref="Otp"/>, which is a state, can be made of it.</summary>
    Cleartext,

    /// <summary><see cref="ScramSecret"/> of SCRAM-SHA-1.</summary>
    ScramSha1,

    /// <summary><see cref="ScramSecret"/> of SCRAM-SHA-224.</summary>
    ScramSha224,

    /// <summary><see cref="ScramSecret"/> of SCRAM-SHA-256.</summary>
    ScramSha256,

    /// <summary><see cref="ScramSecret"/> of SCRAM-SHA-384.</summary>
    ScramSha384,

    /// <summary><see cref="ScramSecret"/> of SCRAM-SHA-512.</summary>
    ScramSha512,

    /// <summary><see cref="CramMd5Secret"/>.</summary>
    CramMd5,

    /// <summary><see cref="DigestMd5Secret"/>.</summary>
    DigestMd5,

    /// <summary><see cref="OtpSecret"/>: changed by every login.</summary>
    Otp,
}

/// <summary>Which secret is wanted.</summary>
/// <param name="AuthenticationId">As the client spelled it.</param>
/// <param name="Kind">The kind that is wanted.</param>
/// <param name="Realm">DIGEST-MD5: the realm that the secret is bound to; else empty.</param>
public readonly record struct SecretRequest(string AuthenticationId, SecretKind Kind, string Realm = "");

/// <summary>A stored secret, or why there is none.</summary>
/// <param name="Verification">Whose it is, or the refusal.</param>
/// <param name="Secret">Stays the host's and is only read during the exchange; null when there is none.</param>
/// <param name="UsualKind">Without a secret: the kind that users here have, so that the decoy costs as much time as they do.</param>
public readonly record struct SecretAnswer(Verification Verification, StoredSecret? Secret, SecretKind? UsualKind = null)
{
    /// <summary>Here it is.</summary>
    public static SecretAnswer Found(string id, StoredSecret secret) => new(Verification.Accepted(id), secret);

    /// <summary>None, and why.</summary>
    public static SecretAnswer Refused(FailureKind kind, string reason, SecretKind? usualKind = null) =>
        new(Verification.Refused(kind, reason), null, usualKind);
}

/// <summary>A secret as a server keeps it. Its text never shows what is in it.</summary>
public abstract class StoredSecret
{
    private protected StoredSecret()
    {
    }
}

/// <summary>The password itself.</summary>
/// <param name="password">UTF-8, as it was set.</param>
public sealed class CleartextSecret(ReadOnlyMemory<byte> password) : StoredSecret
{
    /// <summary>UTF-8.</summary>
    public ReadOnlyMemory<byte> Password => password;
}

/// <summary>The state of HMAC-MD5 after its key (RFC 2195 §3, the form that Dovecot and others store).</summary>
/// <param name="context">32 bytes: the outer chaining value, then the inner one, each as four 32-bit little-endian words.</param>
public sealed class CramMd5Secret(ReadOnlyMemory<byte> context) : StoredSecret
{
    /// <summary>Bytes of <see cref="Context"/>.</summary>
    public const int Size = 32;

    /// <summary>Makes the secret of a password.</summary>
    /// <param name="password">UTF-8, as it was set.</param>
    public static CramMd5Secret Derive(ReadOnlySpan<byte> password) => new(CramMd5.Context(password));

    /// <summary>32 bytes.</summary>
    public ReadOnlyMemory<byte> Context => context;
}

/// <summary>MD5 of "user:realm:password" (RFC 2831 §2.1.2.1).</summary>
/// <param name="hash">16 bytes.</param>
public sealed class DigestMd5Secret(ReadOnlyMemory<byte> hash) : StoredSecret
{
    /// <summary>Makes the secret of a password, as RFC 2831 §2.1.2.1 says: what is within ISO 8859-1 is hashed in that.</summary>
    /// <param name="name">The user's name as clients will send it, in UTF-8.</param>
    /// <param name="realm">The realm that clients will name, in UTF-8.</param>
    /// <param name="password">UTF-8, as it was set.</param>
    public static DigestMd5Secret Derive(ReadOnlySpan<byte> name, ReadOnlySpan<byte> realm, ReadOnlySpan<byte> password)
    {
        var latin1 = DigestHash.ToLatin1(password);
        var hash = DigestHash.Secret(DigestHash.ToLatin1(name), DigestHash.ToLatin1(realm), latin1);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(latin1);
        return new(hash);
    }

    /// <summary>16 bytes.</summary>
    public ReadOnlyMemory<byte> Hash => hash;
}
