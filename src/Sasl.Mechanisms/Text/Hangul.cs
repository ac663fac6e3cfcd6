namespace Sasl.Mechanisms.Text;

/// <summary>The Unicode Standard §3.12: Hangul syllables are composed of jamo by arithmetic.</summary>
static class Hangul
{
    const int Syllables = 0xAC00, Leading = 0x1100, Vowel = 0x1161, Trailing = 0x11A7;
    const int LeadingCount = 19, VowelCount = 21, TrailingCount = 28, SyllableCount = LeadingCount * VowelCount * TrailingCount;

    public static bool IsSyllable(int codePoint) => codePoint is >= Syllables and < Syllables + SyllableCount;

    public static void Decompose(int syllable, CodePointBuffer into)
    {
        var index = syllable - Syllables;
        into.Add(Leading + (index / (VowelCount * TrailingCount)));
        into.Add(Vowel + (index / TrailingCount % VowelCount));
        if (index % TrailingCount is > 0 and var trailing)
            into.Add(Trailing + trailing);
    }

    /// <summary>A syllable of a leading and a vowel jamo, or of a syllable without a trailing jamo and one. -1 when there is none.</summary>
    public static int Compose(int first, int second)
    {
        if (first is >= Leading and < Leading + LeadingCount && second is >= Vowel and < Vowel + VowelCount)
            return Syllables + ((((first - Leading) * VowelCount) + second - Vowel) * TrailingCount);
        // The count of trailing jamo has one for none, which no character stands for.
        if (IsSyllable(first) && (first - Syllables) % TrailingCount == 0 && second is > Trailing and < Trailing + TrailingCount)
            return first + second - Trailing;
        return -1;
    }
}
