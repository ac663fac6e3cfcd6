using System.Globalization;

namespace MailServers.Imap.Search;

/// <summary>
/// The day of a Date field: RFC 5322 §3.3 and the old forms of §4.3 as far as they occur. SENTON and its like disregard time and zone,
/// so the rest is not looked at.
/// </summary>
static class SentDate
{
    static readonly string[] _months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    public static bool TryParse(string? field, out DateOnly date)
    {
        date = default;
        var words = (field ?? "").Split([' ', '\t', ',', '-'], 6, StringSplitOptions.RemoveEmptyEntries);
        // The name of the day in front is optional.
        var at = words.Length > 0 && char.IsAsciiDigit(words[0][0]) ? 0 : 1;
        if (words.Length < at + 3 || words[at + 1].Length < 3 || !int.TryParse(words[at], NumberStyles.None, null, out var day)
            || !int.TryParse(words[at + 2], NumberStyles.None, null, out var year))
            return false;
        var month = Array.IndexOf(_months, words[at + 1][..3].ToLowerInvariant()) + 1;
        // §4.3: years of two digits are 1950 to 2049, of three digits since 1900.
        year += words[at + 2].Length switch { 2 => year < 50 ? 2000 : 1900, 3 => 1900, _ => 0 };
        if (month == 0 || year is < 1 or > 9999 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new(year, month, day);
        return true;
    }
}
