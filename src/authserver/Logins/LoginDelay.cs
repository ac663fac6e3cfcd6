using System.Globalization;
using System.Security.Cryptography;

namespace AuthServer.Logins;

/// <summary>
/// The field delay_until, "UNIX time" or "UNIX time+most random seconds": the answer to a login comes no sooner, so that not everybody is back at once. How
/// long it may come later than usual is for the caller to bound.
/// </summary>
static class LoginDelay
{
    public const string Field = "delay_until";

    const int MostRandom = 3600;

    public static bool IsValid(string text) => Read(text) is not null;

    public static TimeSpan Of(LoginFacts? login, DateTimeOffset now)
    {
        if (login?.Fields[Field] is not { } text || Read(text) is not var (until, random))
            return TimeSpan.Zero;
        var wait = until - now + TimeSpan.FromMilliseconds(random == 0 ? 0 : RandomNumberGenerator.GetInt32(random * 1000));
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    static (DateTimeOffset Until, int Random)? Read(string text)
    {
        var plus = text.IndexOf('+');
        return long.TryParse(plus < 0 ? text : text.AsSpan(0, plus), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            && int.TryParse(plus < 0 ? "0" : text.AsSpan(plus + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var random) && random <= MostRandom
            ? (DateTimeOffset.FromUnixTimeSeconds(seconds), random) : null;
    }
}
