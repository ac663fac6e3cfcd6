using System.Buffers.Text;

namespace MailServers.Imap.Wire;

/// <summary>
/// RFC 3501 §9 sequence-set: "1:4,7,9:*". Kept sorted and merged once the largest number is known, so that no message is named twice
/// and "1:*,1:*,1:*…" costs what "1:*" does.
/// </summary>
sealed class SequenceSet
{
    public static readonly SequenceSet Empty = new([]);

    // "*" is uint.MaxValue plus nothing: a separate mark, because 4294967295 is a number too.
    const long Star = long.MaxValue;

    readonly List<(long From, long To)> _ranges;

    SequenceSet(List<(long, long)> ranges) => _ranges = ranges;

    public static bool TryParse(ReadOnlySpan<byte> text, out SequenceSet set)
    {
        set = Empty;
        var ranges = new List<(long, long)>();
        while (true)
        {
            if (!TryNumber(ref text, out var from))
                return false;
            var to = from;
            if (!text.IsEmpty && text[0] == ':')
            {
                text = text[1..];
                if (!TryNumber(ref text, out to))
                    return false;
            }
            ranges.Add((from, to));
            if (text.IsEmpty)
                break;
            if (text[0] != ',')
                return false;
            text = text[1..];
        }
        set = new(ranges);
        return true;
    }

    /// <summary>The ranges in ascending order, merged, "*" standing for <paramref name="largest"/>; either end of a range may be the larger.</summary>
    public List<(uint From, uint To)> Resolve(uint largest)
    {
        var sorted = new List<(uint From, uint To)>(_ranges.Count);
        foreach (var (a, b) in _ranges)
        {
            var (from, to) = ((uint)(a == Star ? largest : a), (uint)(b == Star ? largest : b));
            sorted.Add(from <= to ? (from, to) : (to, from));
        }
        sorted.Sort();
        var merged = new List<(uint From, uint To)>();
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && range.From <= (long)merged[^1].To + 1)
                merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, range.To));
            else
                merged.Add(range);
        }
        return merged;
    }

    static bool TryNumber(ref ReadOnlySpan<byte> text, out long number)
    {
        number = Star;
        if (!text.IsEmpty && text[0] == '*')
        {
            text = text[1..];
            return true;
        }
        // RFC 3501 §9 nz-number: no leading zero, no zero.
        if (text.IsEmpty || text[0] is < (byte)'1' or > (byte)'9' || !Utf8Parser.TryParse(text, out uint value, out var digits))
            return false;
        number = value;
        text = text[digits..];
        return true;
    }
}
