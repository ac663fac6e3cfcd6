using System.Globalization;

namespace MailServers.Queue.Schedule;

/// <summary>Delays as Postfix logs them: two significant digits, at most two decimals, no trailing zeros.</summary>
static class Delays
{
    public static string Format(TimeSpan delay)
    {
        var seconds = Math.Max(0, delay.TotalSeconds);
        var decimals = seconds >= 9.95 ? 0 : seconds >= 0.995 ? 1 : 2;
        return Math.Round(seconds, decimals, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);
    }

    public static string Format(TimeSpan before, TimeSpan waiting, TimeSpan connecting, TimeSpan sending) =>
        $"delay={Format(before + waiting + connecting + sending)}, delays={Format(before)}/{Format(waiting)}/{Format(connecting)}/{Format(sending)}";
}
