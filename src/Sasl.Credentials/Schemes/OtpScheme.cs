using System.Globalization;
using System.Security.Cryptography;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Schemes;

/// <summary>
/// A sequence of one-time passwords, in Cyrus SASL's form (five fields, with a lock) or Dovecot's ("sha1 1024 seed hash"). It compares with its
/// pass-phrase, which is nobody's password for a login in plain: for the tools only.
/// </summary>
static class OtpScheme
{
    const int NewSequence = 1024;

    public static PasswordScheme Scheme { get; } = new("OTP", Compare, Make) { IsMechanisms = true };

    public static OtpSecret? Read(string text)
    {
        if (OtpSecretText.Parse(text) is { } secret)
            return secret;
        return text.Split(' ') is [var hash, var sequence, { Length: > 0 and <= OtpSecret.LongestSeed } seed, { Length: 16 } last]
            && OtpHash.Of(hash) is { } algorithm && int.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= OtpSecret.LargestSequence && seed.All(char.IsAsciiLetterOrDigit)
            && ulong.TryParse(last, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var password) ? new(algorithm, number, seed, password) : null;
    }

    /// <summary>In Dovecot's form while nobody has begun a login; the lock of one that has been begun is in the other form only.</summary>
    public static string Write(OtpSecret secret) => secret.LockedUntil is null
        ? string.Create(CultureInfo.InvariantCulture, $"{secret.Algorithm.Name} {secret.Sequence} {secret.Seed} {secret.LastPassword:x16}") : OtpSecretText.Format(secret);

    static bool? Compare(ReadOnlySpan<byte> password, in StoredForm stored, string user)
    {
        if (Read(stored.Text) is not { } secret)
            return null;
        var computed = secret.Algorithm.Compute(password, secret.Seed, secret.Sequence);
        return CryptographicOperations.FixedTimeEquals(BitConverter.GetBytes(computed), BitConverter.GetBytes(secret.LastPassword)) && !password.IsEmpty;
    }

    static string? Make(ReadOnlySpan<byte> password, NewPassword how)
    {
        var sequence = how.Rounds > 0 ? how.Rounds : NewSequence;
        return password.Length < OtpSecret.ShortestPassPhrase || sequence > OtpSecret.LargestSequence ? null
            : Write(OtpSecret.Derive(OtpHash.Sha1, password, sequence, OtpSecret.NewSeed(Environment.MachineName)));
    }
}
