using System.Globalization;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>Which one-time password: "otp-md5 498 ke1234 ext" (RFC 2289 §6; RFC 2243 §2: "ext" says that extended answers are taken).</summary>
sealed record OtpChallenge(OtpHash Algorithm, int Sequence, string Seed)
{
    /// <summary>Most bytes of a challenge and of an answer: Cyrus SASL's bound. The longest answer, init-word, has 96.</summary>
    public const int LongestMessage = 100;

    const string Prefix = "otp-";

    static readonly char[] _blanks = [' ', '\t', '\r', '\n'];

    /// <summary>What is asked for in a state: the one-time password before the last one.</summary>
    public static OtpChallenge After(OtpSecret secret) => new(secret.Algorithm, secret.Sequence - 1, secret.Seed);

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Algorithm.Name} {Sequence} {Seed} ext"));

    /// <summary>Null when it is no challenge, offers no extended answers, or has a number out of bounds.</summary>
    public static OtpChallenge? Parse(ReadOnlySpan<byte> message)
    {
        if (message.Length > LongestMessage)
            return null;
        var fields = Split(message);
        // RFC 2243 §2: a comma may follow, and extension sets of which we need nothing.
        return fields.Length >= 4 && fields[0].StartsWith(Prefix, StringComparison.Ordinal) && fields[3].Split(',')[0] == "ext"
            ? Of(fields[0][Prefix.Length..], fields[1], fields[2]) : null;
    }

    /// <summary>The parameters of a new sequence, "md5 499 ke1235" (RFC 2243 §4); null when they are something else or out of bounds.</summary>
    public static OtpChallenge? ParseNew(ReadOnlySpan<byte> parameters) => Split(parameters) is [var algorithm, var sequence, var seed] ? Of(algorithm, sequence, seed) : null;

    static string[] Split(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text).Split(_blanks, StringSplitOptions.RemoveEmptyEntries);

    static OtpChallenge? Of(string algorithm, string sequence, string seed) =>
        OtpHash.Of(algorithm) is { } hash && OtpSecret.IsSeed(seed)
            && int.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= OtpSecret.LargestSequence
            ? new(hash, number, seed.ToLowerInvariant()) : null;
}
