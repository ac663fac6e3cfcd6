using System.Globalization;
using System.Text;

namespace TestSaslauthd.Cache;

/// <summary>
/// The statistics under the names that Cyrus' saslcache gave them, for the scripts that read them. A "slot" with its one "bucket" is an entry here; then what Cyrus has no
/// word for.
/// </summary>
static class CacheStatisticsText
{
    /// <summary>What an entry counts for in the size of -s.</summary>
    const int BytesPerEntry = 96;

    public static string Of(IReadOnlyList<string[]> rows)
    {
        var text = new StringBuilder();
        var cache = rows.Where(r => r is ["cache", _, _]).ToDictionary(r => r[1], r => long.Parse(r[2], CultureInfo.InvariantCulture));
        const string Rule = "----------------------------------------";
        text.AppendLine(Rule);
        if (cache.Count == 0)
            text.AppendLine("saslauthd was started without -c: nothing is remembered");
        else
            Append(text, cache);
        text.AppendLine(Rule).AppendLine("saslauthd now:").AppendLine();
        foreach (var row in rows)
        {
            _ = row switch
            {
                ["requests", var now] => Line(text, "requests under way", now),
                ["pool", var mechanism, var workers, var free, var waiting] => Line(text, $"workers of {mechanism}", $"{workers} ({free} free places, {waiting} requests waiting)"),
                _ => text,
            };
        }
        text.AppendLine(Rule).AppendLine("since it was started:").AppendLine();
        foreach (var row in rows.Where(r => r is ["sum", _]))
            text.Append("  ").AppendLine(row[1]);
        return text.AppendLine(Rule).ToString();
    }

    static void Append(StringBuilder text, Dictionary<string, long> cache)
    {
        var (capacity, entries, hits, misses) = (cache["capacity"], cache["entries"], cache["hits"], cache["misses"]);
        text.AppendLine("Saslauthd Cache Detail:").AppendLine();
        Line(text, "timeout (seconds)", cache["lifetime"]);
        Line(text, "total slots allocated", capacity);
        Line(text, "slots in use", entries);
        Line(text, "total buckets", capacity);
        Line(text, "buckets per slot", 1);
        Line(text, "buckets in use", entries);
        Line(text, "hash table size (bytes)", capacity * BytesPerEntry);
        Line(text, "bucket size (bytes)", BytesPerEntry);
        Line(text, "minimum slot allocation", entries < capacity ? 0 : 1);
        Line(text, "maximum slot allocation", entries > 0 ? 1 : 0);
        Line(text, "slots at maximum allocation", entries > 0 ? entries : capacity);
        Line(text, "slots at minimum allocation", entries < capacity ? capacity - entries : entries);
        Line(text, "overall hash table load", Ratio(entries, capacity));
        text.AppendLine();
        Line(text, "hits*", hits);
        Line(text, "misses*", misses);
        Line(text, "total lookup attempts*", hits + misses);
        Line(text, "hit ratio*", Ratio(hits * 100, hits + misses));
        Line(text, "flock failures*", 0);
        Line(text, "gone for want of room*", cache["evicted"]);
        text.AppendLine().AppendLine("* since the start, or the last reload");
    }

    static StringBuilder Line(StringBuilder text, string name, long value) => Line(text, name, value.ToString(CultureInfo.InvariantCulture));

    static StringBuilder Line(StringBuilder text, string name, string value) => text.AppendLine($"  {name,-27} :  {value}");

    static string Ratio(long part, long whole) => (whole == 0 ? 0 : (double)part / whole).ToString("0.00", CultureInfo.InvariantCulture);
}
