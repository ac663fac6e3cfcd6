using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// What stands in for the secret of somebody who is not there: made by a keyed hash of the name, so that it is the same at each attempt
/// and nobody without the key can tell it from a real one.
/// </summary>
static class Decoys
{
    /// <summary>Up to 32 bytes for a purpose and a name.</summary>
    public static byte[] Bytes(SaslSettings settings, string purpose, string name, int length) =>
        HMACSHA256.HashData(settings.DecoyKey.Span, Encoding.UTF8.GetBytes($"{purpose}\0{name}"))[..length];

    /// <summary>The secret that was found, or the decoy. The decoy is made in any case: its time tells nothing.</summary>
    public static StoredSecret SecretOrDecoy(SaslSettings settings, SecretAnswer found, SecretKind wanted, string name)
    {
        var decoy = Secret(settings, found.UsualKind ?? (found.Secret is CleartextSecret ? SecretKind.Cleartext : wanted), name);
        return found.Secret ?? decoy;
    }

    /// <summary>A secret of the kind that users here have, so that it costs the same work. Nobody knows the password to it.</summary>
    public static StoredSecret Secret(SaslSettings settings, SecretKind kind, string name) => kind switch
    {
        SecretKind.Cleartext => new CleartextSecret(Bytes(settings, "password", name, 16)),
        SecretKind.CramMd5 => new CramMd5Secret(Bytes(settings, "CRAM-MD5", name, 32)),
        SecretKind.DigestMd5 => new DigestMd5Secret(Bytes(settings, "DIGEST-MD5", name, 16)),
        SecretKind.Otp => OtpSecret.Decoy(settings, "", name),
        _ when ScramHash.Of(kind) is { } hash => ScramSecret.Decoy(settings, hash, name),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no decoy of this kind"),
    };
}
