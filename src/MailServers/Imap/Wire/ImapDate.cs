using System.Globalization;

namespace MailServers.Imap.Wire;

/// <summary>RFC 3501 §9 date and date-time: "17-Jul-1996" and "17-Jul-1996 02:44:25 -0700".</summary>
static class ImapDate
{
    public static int Format(DateTimeOffset time, Span<byte> target)
    {
        target[0] = (byte)'"';
        time.TryFormat(target[1..], out var length, "dd-MMM-yyyy HH:mm:ss ", CultureInfo.InvariantCulture);
        var minutes = (int)time.Offset.TotalMinutes;
        var at = 1 + length;
        target[at++] = (byte)(minutes < 0 ? '-' : '+');
        var zone = (Math.Abs(minutes) / 60 * 100) + (Math.Abs(minutes) % 60);
        for (var power = 1000; power > 0; power /= 10)
            target[at++] = (byte)('0' + (zone / power % 10));
        target[at++] = (byte)'"';
        return at;
    }

    /// <summary>"1-Feb-1994": one digit or two for the day.</summary>
    public static bool TryParseDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, ["d-MMM-yyyy", "dd-MMM-yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    /// <summary>A day of one digit has a space in front (date-day-fixed); it is taken without it, too.</summary>
    public static bool TryParseDateTime(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length == 25)
            text = " " + text;
        if (text.Length != 26 || text[20] != ' ' || text[21] is not ('+' or '-'))
            return false;
        var day = text[0] == ' ' ? "0" + text[1..20] : text[..20];
        if (!DateTime.TryParseExact(day, "dd-MMM-yyyy HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            || !int.TryParse(text.AsSpan(22), NumberStyles.None, CultureInfo.InvariantCulture, out var zone) || zone % 100 > 59 || zone / 100 > 14)
            return false;
        var offset = TimeSpan.FromMinutes((zone / 100 * 60) + (zone % 100));
        if (offset > TimeSpan.FromHours(14) || local.Year is < 2 or > 9998)
            return false;
        time = new DateTimeOffset(local, text[21] == '-' ? -offset : offset);
        return true;
    }
}
