using System.Globalization;

namespace Sasl.Credentials.Schemes;

/// <summary>
/// What a crypt(3) hash costs, from the part in front of it. An administrator's slip, or whoever can write to the database, must not be able to keep a
/// core busy for minutes or to fill the memory at each login: above these bounds nothing is computed.
/// </summary>
static class CryptCost
{
    const int MostBcrypt = 16;
    const long MostRounds = 10_000_000, DefaultRounds = 5000;
    const string Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static SchemeCost Of(string text)
    {
        var setting = CryptSetting.Of(text);
        var kind = CryptSetting.KindOf(setting);
        // Locked, or nothing that crypt(3) would begin with.
        if (kind.Length == 0)
            return default;
        var (memory, excess) = text switch
        {
            ['$', '2', ..] => (0, Most(Number(text.AsSpan(Math.Min(4, text.Length))), MostBcrypt, "a bcrypt cost")),
            ['$', '5' or '6', '$', ..] => (0, Most(Named(text, "rounds=") ?? DefaultRounds, MostRounds, "rounds")),
            ['$', 's', 'h', 'a', '1', '$', ..] => (0, Most(Number(text.AsSpan(6)), MostRounds, "rounds")),
            ['$', 'm', 'd', '5', ..] => (0, Most(Named(text, "rounds=") ?? 0, MostRounds, "rounds")),
            ['$', 'y', '$', ..] => Yescrypt(text.AsSpan(3)),
            ['$', 'g', 'y', '$', ..] => Yescrypt(text.AsSpan(4)),
            ['$', '7', '$', ..] => Scrypt(text.AsSpan(3)),
            _ => (0L, (string?)null),
        };
        return new(kind, setting, memory, excess);
    }

    static string? Most(long number, long most, string what) => number > most ? $"the stored hash has {what} of {number}; {most} is the most that is computed here" : null;

    static (long Memory, string? Excess) Memory(double bytes, double effort) =>
        bytes > SchemeCost.MostMemory || effort > SchemeCost.MostMemory * 8.0
            ? (0, $"the stored hash needs more memory or time than is given to one here ({SchemeCost.MostMemory >> 20} MiB)") : ((long)bytes, null);

    /// <summary>Flavor, log2 N and r, then what else there is: 128 × r × N bytes.</summary>
    static (long Memory, string? Excess) Yescrypt(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('$');
        text = end < 0 ? text : text[..end];
        if (Take(ref text, 0) < 0 || Take(ref text, 1) is not (var log and >= 1) || Take(ref text, 1) is not (var r and >= 1) || log > 62)
            return (0, null);
        var (p, t, g) = (1L, 0L, 0L);
        if (Take(ref text, 1) is > 0 and var have)
        {
            p = (have & 1) != 0 ? Take(ref text, 2) : p;
            t = (have & 2) != 0 ? Take(ref text, 1) : t;
            g = (have & 4) != 0 ? Take(ref text, 1) : g;
        }
        var bytes = 128.0 * r * (1L << (int)log);
        return Memory(bytes, bytes * (1 + Math.Max(0, t)) * Math.Max(1, p) * Math.Pow(4, Math.Max(0, g)));
    }

    /// <summary>log2 N in one digit, r and p in five each, the lowest first.</summary>
    static (long Memory, string? Excess) Scrypt(ReadOnlySpan<char> text)
    {
        if (text.Length < 11)
            return (0, null);
        var (log, r, p) = (Digits.IndexOf(text[0]), Fixed(text[1..6]), Fixed(text[6..11]));
        return log < 0 ? (0, null) : Memory(128.0 * r * Math.Pow(2, log), 128.0 * r * Math.Pow(2, log) * Math.Max(1, p));
    }

    static long Fixed(ReadOnlySpan<char> digits)
    {
        var value = 0L;
        for (var i = digits.Length - 1; i >= 0; i--)
            value = (value << 6) | (uint)Math.Max(0, Digits.IndexOf(digits[i]));
        return value;
    }

    /// <summary>A number of yescrypt's: the first digit says how many follow. -1 when it is none.</summary>
    static long Take(ref ReadOnlySpan<char> text, int least)
    {
        if (text.IsEmpty || Digits.IndexOf(text[0]) is not (var c and >= 0))
            return -1;
        var (start, end, more, bits, value) = (0, 47, 0, 0, (long)least);
        while (c > end)
        {
            value += (long)(end + 1 - start) << bits;
            (start, end) = (end + 1, end + 1 + ((62 - end) / 2));
            more++;
            bits += 6;
        }
        value += (long)(c - start) << bits;
        text = text[1..];
        for (; more > 0; more--, text = text[1..])
        {
            bits -= 6;
            if (text.IsEmpty || Digits.IndexOf(text[0]) is not (var d and >= 0))
                return -1;
            value += (long)d << bits;
        }
        return value;
    }

    static long? Named(string text, string name) => text.IndexOf(name, StringComparison.Ordinal) is var at and >= 0 ? Number(text.AsSpan(at + name.Length)) : null;

    /// <summary>The digits at the beginning; more of them than any bound has are as good as too many.</summary>
    static long Number(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExceptInRange('0', '9');
        var digits = length < 0 ? text : text[..length];
        return digits.Length == 0 ? 0 : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
    }
}
