namespace Sasl.Mechanisms.Text;

/// <summary>Decomposition mappings, one level of them, and the pairs that compose.</summary>
static class Decompositions
{
    const int Canonical = 0, Compatibility = 2, Width = 3;
    const int LongestMapping = 18;

    static readonly int[] _characters;
    static readonly byte[] _kinds;
    /// <summary>Where each mapping begins; it ends where the next one begins.</summary>
    static readonly int[] _offsets;
    static readonly int[] _mappings;
    static readonly long[] _pairs;
    static readonly int[] _composites;

    static Decompositions()
    {
        var reader = new TableNumbers(NormalizationTable.Decompositions);
        var count = reader.Next();
        (_characters, _kinds, _offsets) = (new int[count], new byte[count], new int[count + 1]);
        var mappings = new List<int>(3 * count);
        var composites = new SortedList<long, int>(1024);
        Span<int> before = stackalloc int[LongestMapping];
        before.Clear();
        for (var i = 0; i < count; i++)
        {
            _characters[i] = (i > 0 ? _characters[i - 1] : 0) + reader.Next();
            var shape = reader.Next();
            _kinds[i] = (byte)(shape & 3);
            var length = shape >> 2;
            for (var j = 0; j < length; j++)
                mappings.Add(before[j] += reader.NextSigned());
            _offsets[i + 1] = mappings.Count;
            if (_kinds[i] == Canonical)
                composites.Add(Pair(mappings[^2], mappings[^1]), _characters[i]);
        }
        _mappings = [.. mappings];
        (_pairs, _composites) = ([.. composites.Keys], [.. composites.Values]);
    }

    /// <summary>What a character is made of; empty when of nothing but itself.</summary>
    public static ReadOnlySpan<int> Of(int codePoint, bool compatibility)
    {
        var at = Array.BinarySearch(_characters, codePoint);
        return at < 0 || (!compatibility && _kinds[at] >= Compatibility) ? [] : Mapping(at);
    }

    /// <summary>The common form of a full-width or half-width character (UAX #11); any other is returned as it is.</summary>
    public static int CommonWidth(int codePoint)
    {
        var at = Array.BinarySearch(_characters, codePoint);
        return at >= 0 && _kinds[at] == Width ? Mapping(at)[0] : codePoint;
    }

    /// <summary>The character that two others compose to; -1 when there is none, or when it is excluded from composition.</summary>
    public static int Compose(int first, int second)
    {
        var at = Array.BinarySearch(_pairs, Pair(first, second));
        return at < 0 ? -1 : _composites[at];
    }

    static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    static ReadOnlySpan<int> Mapping(int at) => _mappings.AsSpan(_offsets[at].._offsets[at + 1]);
}
