namespace Sasl.Mechanisms.Text;

/// <summary>
/// The operation toLowerCase of the Unicode Standard §3.13, which RFC 8264 §5.2.3 names, without the rules of any language: U+0130 becomes two
/// characters, and a capital sigma at the end of a word becomes the final one.
/// </summary>
static class Lowercase
{
    const int CapitalSigma = 0x03A3, FinalSigma = 0x03C2;
    const int Cased = 1, Ignorable = 2;

    static readonly RangeTable _casing = new(PrecisTable.Casing);
    static readonly int[] _characters;
    static readonly int[] _offsets;
    static readonly int[] _mappings;

    static Lowercase()
    {
        var reader = new TableNumbers(PrecisTable.Lowercase);
        var count = reader.Next();
        (_characters, _offsets) = (new int[count], new int[count + 1]);
        var mappings = new List<int>(count + 1);
        for (var i = 0; i < count; i++)
        {
            _characters[i] = (i > 0 ? _characters[i - 1] : 0) + reader.Next();
            for (var length = reader.Next(); length > 0; length--)
                mappings.Add(_characters[i] + reader.NextSigned());
            _offsets[i + 1] = mappings.Count;
        }
        _mappings = [.. mappings];
    }

    public static void Map(CodePointBuffer text)
    {
        using var lower = new CodePointBuffer(text.Span.Length + 1);
        var span = text.Span;
        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] == CapitalSigma && IsEndOfWord(span, i))
                lower.Add(FinalSigma);
            else if (Array.BinarySearch(_characters, span[i]) is >= 0 and var at)
            {
                foreach (var mapped in _mappings.AsSpan(_offsets[at].._offsets[at + 1]))
                    lower.Add(mapped);
            }
            else
                lower.Add(span[i]);
        }
        text.Exchange(lower);
    }

    /// <summary>The Unicode Standard, table 3-17, Final_Sigma. A sigma is cased, so that what is between two of them is looked at twice and not more.</summary>
    static bool IsEndOfWord(ReadOnlySpan<int> text, int at) => IsNextCased(text, at, -1) && !IsNextCased(text, at, +1);

    static bool IsNextCased(ReadOnlySpan<int> text, int at, int step)
    {
        for (var i = at + step; i >= 0 && i < text.Length; i += step)
        {
            var casing = _casing[text[i]];
            if ((casing & Cased) != 0)
                return true;
            if ((casing & Ignorable) == 0)
                return false;
        }
        return false;
    }
}
