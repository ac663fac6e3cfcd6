using MailStore;

namespace MailServers.Imap.Wire;

/// <summary>Which messages of a view a sequence-set names: ranges of positions (sequence number minus one), ascending.</summary>
static class MessageSet
{
    /// <summary>Null when a sequence number is beyond the last message. UIDs that are not there are no error (RFC 3501 §6.4.8).</summary>
    public static List<(int First, int Last)>? Resolve(IReadOnlyList<MessageInfo> messages, SequenceSet set, bool byUid) =>
        byUid ? ByUid(messages, set) : BySequence(messages.Count, set);

    public static IEnumerable<int> Positions(List<(int First, int Last)> ranges)
    {
        foreach (var (first, last) in ranges)
            for (var i = first; i <= last; i++)
                yield return i;
    }

    public static List<uint> Uids(IReadOnlyList<MessageInfo> messages, List<(int First, int Last)> ranges)
    {
        var uids = new List<uint>();
        foreach (var position in Positions(ranges))
            uids.Add(messages[position].Uid);
        return uids;
    }

    static List<(int, int)>? BySequence(int count, SequenceSet set)
    {
        var ranges = new List<(int, int)>();
        foreach (var (from, to) in set.Resolve((uint)count))
        {
            if (from == 0 || to > count)
                return null;
            ranges.Add(((int)from - 1, (int)to - 1));
        }
        return ranges;
    }

    static List<(int, int)> ByUid(IReadOnlyList<MessageInfo> messages, SequenceSet set)
    {
        var ranges = new List<(int, int)>();
        if (messages.Count == 0)
            return ranges;
        foreach (var (from, to) in set.Resolve(messages[^1].Uid))
        {
            var first = FirstNotBelow(messages, from);
            var last = (to == uint.MaxValue ? messages.Count : FirstNotBelow(messages, to + 1)) - 1;
            if (first <= last)
                ranges.Add((first, last));
        }
        return ranges;
    }

    static int FirstNotBelow(IReadOnlyList<MessageInfo> messages, uint uid)
    {
        var (low, high) = (0, messages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (messages[middle].Uid < uid)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
