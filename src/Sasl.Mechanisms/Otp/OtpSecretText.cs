using System.Globalization;

namespace Sasl.Mechanisms;

/// <summary>
/// The text form of OTP secrets, which is Cyrus SASL's cmusaslsecretOTP: "md5 TAB 0499 TAB ke1234 TAB 5bf075d9959d036f TAB 00000000000000000000",
/// the last field being the lock in Unix seconds, 0 for none. One state has one text: a host may compare and swap texts.
/// </summary>
public static class OtpSecretText
{
    const int LongestText = 64;

    /// <summary>Writes a secret, 48–64 characters.</summary>
    public static string Format(OtpSecret secret) => string.Create(CultureInfo.InvariantCulture,
        $"{secret.Algorithm.Name}\t{secret.Sequence:D4}\t{secret.Seed}\t{secret.LastPassword:x16}\t{secret.LockedUntil?.ToUnixTimeSeconds() ?? 0:D20}");

    /// <summary>Reads it, with the NUL at its end or without. Null when it is something else, or a number or the seed is out of bounds.</summary>
    public static OtpSecret? Parse(ReadOnlySpan<char> text)
    {
        text = text is [.., '\0'] ? text[..^1] : text;
        Span<Range> fields = stackalloc Range[6];
        if (text.Length > LongestText || text.Split(fields, '\t') != 5 || OtpHash.Of(text[fields[0]].ToString()) is not { } algorithm)
            return null;
        var seed = text[fields[2]].ToString();
        var last = text[fields[3]];
        return TryReadNumber(text[fields[1]], 4, OtpSecret.LargestSequence, out var sequence) && OtpSecret.IsSeed(seed)
            && last.Length == 16 && ulong.TryParse(last, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var password)
            && TryReadNumber(text[fields[4]], 20, DateTimeOffset.MaxValue.ToUnixTimeSeconds(), out var until)
            ? new(algorithm, (int)sequence, seed, password, until == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(until)) : null;
    }

    static bool TryReadNumber(ReadOnlySpan<char> digits, int most, long largest, out long number)
    {
        number = 0;
        return digits.Length <= most && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= largest;
    }
}
