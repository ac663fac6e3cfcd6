using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sasl.Credentials.Schemes;

/// <summary>PBKDF2 with HMAC-SHA-1 (RFC 8018 §5.2) in Dovecot's form: "$1$salt$rounds$hash", the hash of 160 bits in hexadecimal, the salt as it stands.</summary>
static class Pbkdf2Scheme
{
    /// <summary>As many as cost about what other new hashes do.</summary>
    const int NewRounds = 100_000;

    const int MostRounds = 20_000_000, LongestSalt = 256, SaltLength = 16;
    const string Name = "PBKDF2", SaltCharacters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static PasswordScheme Scheme { get; } = new(Name, Compare, Make) { Cost = CostOf, IsUpToDate = static stored => Read(stored.Text) is { Rounds: >= NewRounds } };

    static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user)
    {
        if (Read(stored.Text) is not { } read)
            return null;
        var computed = Hash(password, read.Salt, read.Rounds);
        return CryptographicOperations.FixedTimeEquals(computed, read.Hash) && !password.IsEmpty;
    }

    static string? Make(ReadOnlySpan<byte> password, NewPassword how)
    {
        var (rounds, salt) = (how.Rounds > 0 ? how.Rounds : NewRounds, RandomNumberGenerator.GetString(SaltCharacters, SaltLength));
        return password.IsEmpty || rounds > MostRounds ? null
            : string.Create(CultureInfo.InvariantCulture, $"$1${salt}${rounds}${Convert.ToHexStringLower(Hash(password, salt, rounds))}");
    }

    static SchemeCost CostOf(StoredForm stored) => Read(stored.Text) is not { } read ? default : new(
        string.Create(CultureInfo.InvariantCulture, $"{Name} {read.Rounds}"),
        string.Create(CultureInfo.InvariantCulture, $"{{{Name}}}$1${read.Salt}${read.Rounds}${new string('0', 2 * SHA1.HashSizeInBytes)}"), 0,
        read.Rounds > MostRounds ? $"the stored hash has {read.Rounds} rounds; {MostRounds} are the most that are computed here" : null);

    static (string Salt, int Rounds, byte[] Hash)? Read(string text)
    {
        if (text.Split('$') is not ["", "1", { Length: > 0 and <= LongestSalt } salt, var rounds, { Length: 2 * SHA1.HashSizeInBytes } hex]
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
            return null;
        var hash = new byte[SHA1.HashSizeInBytes];
        return Convert.FromHexString(hex, hash, out _, out _) == System.Buffers.OperationStatus.Done ? (salt, count, hash) : null;
    }

#pragma warning disable CA5379 // The form has no other hash.
    static byte[] Hash(ReadOnlySpan<byte> password, string salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(password, Encoding.UTF8.GetBytes(salt), rounds, HashAlgorithmName.SHA1, SHA1.HashSizeInBytes);
#pragma warning restore CA5379
}
