using System.Security.Cryptography;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>
/// What stands in for the secret of somebody who is not there: made by a keyed hash of the name, so that it is the same at each attempt
/// and nobody without the key can tell it from a real one.
/// </summary>
static class Decoys
{
    const int BlockSize = 64, LongestText = SaslText.LongestIdentity + 256;

    /// <summary>Up to 32 bytes for a purpose and a name, which are at most 1024 bytes of UTF-8.</summary>
    public static byte[] Bytes(SaslSettings settings, string purpose, string name, int length)
    {
        // The key on both sides, each in a block of its own: a keyed hash in one call, at half the price of HMAC. Every login pays it.
        var key = settings.DecoyKey.Span;
        Span<byte> text = stackalloc byte[(2 * BlockSize) + LongestText], hash = stackalloc byte[SHA256.HashSizeInBytes];
        text[..BlockSize].Clear();
        SetKey(key, text);
        var at = BlockSize + Encoding.UTF8.GetBytes(purpose, text[BlockSize..]);
        text[at++] = 0;
        at += Encoding.UTF8.GetBytes(name, text[at..]);
        SetKey(key, text[at..]);
        SHA256.HashData(text[..(at + Math.Min(key.Length, BlockSize))], hash);
        CryptographicOperations.ZeroMemory(text);
        return hash[..length].ToArray();
    }

    static void SetKey(ReadOnlySpan<byte> key, Span<byte> place) => key[..Math.Min(key.Length, BlockSize)].CopyTo(place);

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
