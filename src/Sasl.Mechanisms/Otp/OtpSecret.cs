using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Sasl.Mechanisms;

/// <summary>
/// What a server keeps of a sequence of one-time passwords (RFC 2289 §3): the last one that was used, from which nobody can find the next. Each
/// login and each attempt puts another state in its place, by <see cref="ISaslCredentials.ReplaceSecretAsync"/>. Its text form is in <see cref="OtpSecretText"/>.
/// </summary>
public sealed class OtpSecret : StoredSecret, IEquatable<OtpSecret>
{
    /// <summary>The greatest number of a one-time password.</summary>
    public const int LargestSequence = 9999;

    /// <summary>Most characters of a seed (RFC 2289 §6).</summary>
    public const int LongestSeed = 16;

    /// <summary>Least bytes of the pass-phrase of a new sequence (RFC 2289 §6).</summary>
    public const int ShortestPassPhrase = 10;

    /// <param name="algorithm">The hash function.</param>
    /// <param name="sequence">The number of <paramref name="lastPassword"/>, 0–9999; 1 or less: the sequence is used up.</param>
    /// <param name="seed">1–16 ASCII letters and digits; kept in lower case.</param>
    /// <param name="lastPassword">The one-time password that was used last, its first byte highest.</param>
    /// <param name="lockedUntil">While a challenge is out: until when no other login may begin. Kept in whole seconds, rounded down.</param>
    /// <exception cref="ArgumentException">The sequence or the seed is outside of these.</exception>
    public OtpSecret(OtpHash algorithm, int sequence, string seed, ulong lastPassword, DateTimeOffset? lockedUntil = null)
    {
        if (sequence is < 0 or > LargestSequence || !IsSeed(seed))
            throw new ArgumentException("not an OTP secret");
        (Algorithm, Sequence, Seed, LastPassword) = (algorithm, sequence, seed.ToLowerInvariant(), lastPassword);
        LockedUntil = lockedUntil is { } until ? DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds()) : null;
    }

    /// <summary>The hash function.</summary>
    public OtpHash Algorithm { get; }

    /// <summary>The number of <see cref="LastPassword"/>. The next login needs the one before it.</summary>
    public int Sequence { get; }

    /// <summary>1–16 letters and digits, in lower case.</summary>
    public string Seed { get; }

    /// <summary>The one-time password that was used last, its first byte highest.</summary>
    public ulong LastPassword { get; }

    /// <summary>Until when no other login may begin; null when none has been begun. In whole seconds.</summary>
    public DateTimeOffset? LockedUntil { get; }

    /// <summary>
    /// There is no one-time password left: logins end with <see cref="FailureKind.Expired"/> until a new sequence is made. The last one that is
    /// asked for is number 1.
    /// </summary>
    public bool IsUsedUp => Sequence <= 1;

    /// <summary>Starts a sequence.</summary>
    /// <param name="algorithm">The hash function.</param>
    /// <param name="passPhrase">10 bytes or more (RFC 2289 §6); clients hash these bytes as they are.</param>
    /// <param name="sequence">1–9999: there are one fewer logins.</param>
    /// <param name="seed">Never used before with this pass-phrase, on no server (RFC 2289 §6). See <see cref="NewSeed"/>.</param>
    /// <exception cref="ArgumentException">One of them is outside of these bounds.</exception>
    public static OtpSecret Derive(OtpHash algorithm, ReadOnlySpan<byte> passPhrase, int sequence, string seed)
    {
        if (passPhrase.Length < ShortestPassPhrase || sequence < 1 || sequence > LargestSequence || !IsSeed(seed))
            throw new ArgumentException("no OTP sequence can be made of this");
        return new(algorithm, sequence, seed, algorithm.Compute(passPhrase, seed, sequence));
    }

    /// <summary>A seed in the form that is usual: two letters of the server's name and four digits.</summary>
    /// <param name="hostName">The server's; what is not a letter or digit of ASCII is passed over.</param>
    public static string NewSeed(string hostName) => SeedOf(hostName, RandomNumberGenerator.GetBytes(4));

    /// <summary>1–16 ASCII letters and digits.</summary>
    internal static bool IsSeed(string seed) => seed.Length is >= 1 and <= LongestSeed && seed.All(char.IsAsciiLetterOrDigit);

    internal static string SeedOf(string hostName, ReadOnlySpan<byte> random)
    {
        var letters = string.Concat(hostName.Where(char.IsAsciiLetterOrDigit).Take(2)).ToLowerInvariant();
        return letters.PadRight(2, 'x') + ((BinaryPrimitives.ReadUInt32BigEndian(random) % LargestSequence) + 1).ToString("D4", CultureInfo.InvariantCulture);
    }

    /// <summary>What is shown for somebody who is not there: as a user half-way through the usual 499, always the same.</summary>
    internal static OtpSecret Decoy(SaslSettings settings, string hostName, string name)
    {
        var bytes = Decoys.Bytes(settings, "OTP", name, 16);
        return new(settings.OtpAlgorithm, 2 + (BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(4)) % 490), SeedOf(hostName, bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)));
    }

    internal OtpSecret LockUntil(DateTimeOffset? until) => new(Algorithm, Sequence, Seed, LastPassword, until);

    /// <summary>The state after a one-time password was used.</summary>
    internal OtpSecret Used(ulong password) => new(Algorithm, Sequence - 1, Seed, password);

    /// <summary>The same state, the lock included: what a host compares before it replaces one by another.</summary>
    public bool Equals(OtpSecret? other) =>
        other is not null && Algorithm == other.Algorithm && Sequence == other.Sequence && Seed == other.Seed && LastPassword == other.LastPassword && LockedUntil == other.LockedUntil;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OtpSecret);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Algorithm, Sequence, Seed, LastPassword, LockedUntil);
}
