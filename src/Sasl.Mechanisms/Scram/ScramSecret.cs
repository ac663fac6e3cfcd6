using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>
/// What a server keeps of a password for SCRAM (RFC 5802 §3): enough to check a proof, not enough to make one. Its text forms are in
/// <see cref="ScramSecretText"/>.
/// </summary>
public sealed class ScramSecret : StoredSecret
{
    /// <summary>Bytes of salt in new secrets.</summary>
    public const int SaltSize = 16;

    /// <param name="hash">The hash function.</param>
    /// <param name="iterations">Rounds of PBKDF2, 1 or more.</param>
    /// <param name="salt">1–1024 bytes.</param>
    /// <param name="storedKey">As many bytes as a hash.</param>
    /// <param name="serverKey">As many bytes as a hash.</param>
    /// <exception cref="ArgumentException">A length or the iteration count is outside of these.</exception>
    public ScramSecret(ScramHash hash, int iterations, ReadOnlyMemory<byte> salt, ReadOnlyMemory<byte> storedKey, ReadOnlyMemory<byte> serverKey)
    {
        if (iterations < 1 || salt.Length is 0 or > 1024 || storedKey.Length != hash.Size || serverKey.Length != hash.Size)
            throw new ArgumentException("not a SCRAM secret");
        (Hash, Iterations, Salt, StoredKey, ServerKey) = (hash, iterations, salt, storedKey, serverKey);
    }

    /// <summary>The hash function.</summary>
    public ScramHash Hash { get; }

    /// <summary>Rounds of PBKDF2.</summary>
    public int Iterations { get; }

    static readonly ReadOnlyMemory<byte> _noKey = RandomNumberGenerator.GetBytes(SHA512.HashSizeInBytes);

    /// <summary>Random bytes.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>H(ClientKey).</summary>
    public ReadOnlyMemory<byte> StoredKey { get; }

    /// <summary>HMAC(SaltedPassword, "Server Key").</summary>
    public ReadOnlyMemory<byte> ServerKey { get; }

    /// <summary>Makes the secret of a password; takes as long as the iterations do.</summary>
    /// <param name="hash">The hash function.</param>
    /// <param name="password">UTF-8, prepared (RFC 5802 §2.2: SASLprep).</param>
    /// <param name="salt">New random bytes for each secret.</param>
    /// <param name="iterations">4096 or more (RFC 7677 §4).</param>
    public static ScramSecret Derive(ScramHash hash, ReadOnlySpan<byte> password, ReadOnlyMemory<byte> salt, int iterations)
    {
        var salted = hash.Hi(password, salt.Span, iterations);
        var keys = Of(hash, salted, salt, iterations);
        CryptographicOperations.ZeroMemory(salted);
        return keys;
    }

    /// <summary>Is this the password? For hosts that check plaintext logins against SCRAM secrets.</summary>
    /// <param name="password">UTF-8, prepared as it was for <see cref="Derive"/>.</param>
    public bool Verify(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(Hash, password, Salt, Iterations).StoredKey.Span, StoredKey.Span);

    /// <summary>Made with the same hash, salt and iteration count: a server can take either password (see <see cref="ScramAlternatives"/>).</summary>
    public bool CanStandBeside(ScramSecret other) => Hash == other.Hash && Iterations == other.Iterations && Salt.Span.SequenceEqual(other.Salt.Span);

    /// <summary>The keys of a salted password.</summary>
    internal static ScramSecret Of(ScramHash hash, ReadOnlySpan<byte> salted, ReadOnlyMemory<byte> salt, int iterations)
    {
        var (stored, server) = (new byte[hash.Size], new byte[hash.Size]);
        // RFC 5802 §3: ClientKey, StoredKey, ServerKey.
        Span<byte> clientKey = stackalloc byte[hash.Size];
        hash.Hmac(salted, "Client Key"u8, clientKey);
        hash.Hash(clientKey, stored);
        hash.Hmac(salted, "Server Key"u8, server);
        CryptographicOperations.ZeroMemory(clientKey);
        return new(hash, iterations, salt, stored, server);
    }

    /// <summary>The salt shown for a name whose keys are not stored, be it there or not.</summary>
    internal static byte[] SaltFor(SaslSettings settings, ScramHash hash, string name) => Decoys.Bytes(settings, hash.MechanismName, name, SaltSize);

    // Nobody sees the keys: any that no password leads to will do.
    internal static ScramSecret Decoy(SaslSettings settings, ScramHash hash, string name) =>
        new(hash, settings.Iterations, SaltFor(settings, hash, name), _noKey[..hash.Size], _noKey[..hash.Size]);
}
