using System.Text;

namespace Sasl.Mechanisms.Text;

/// <summary>SASLprep (RFC 4013), the profile of stringprep (RFC 3454) for names and passwords.</summary>
static class SaslPrep
{
    const int RightToLeft = 1, LeftToRight = 2;

    /// <summary>Prepares the text in place; false when it holds something that it may not. The result may be empty.</summary>
    /// <param name="text">Before and after; undefined when it is refused.</param>
    /// <param name="stored">RFC 3454 §7: what is stored holds no code point that Unicode 3.2 has not assigned; what is compared with it may.</param>
    public static bool TryPrepare(CodePointBuffer text, bool stored)
    {
        Map(text);
        // RFC 4013 §2.2: normalization form KC; RFC 3454 §4: of Unicode 3.2.
        UnicodeNormalizer.Normalize(text, NormalizationForm.FormKC, NormalizationData.Unicode32);
        foreach (var codePoint in text.Span)
        {
            // RFC 4013 §2.3 and §2.5
            if (Stringprep.IsProhibited(codePoint) || (stored && Stringprep.Assigned[codePoint] == 0))
                return false;
        }
        return IsOfOneDirection(text.Span);
    }

    /// <summary>RFC 4013 §2.1: other spaces to SPACE, others to nothing. U+200B is in both tables, and a space as the first one is named first.</summary>
    static void Map(CodePointBuffer text)
    {
        var span = text.Span;
        var written = 0;
        foreach (var codePoint in span)
        {
            if (Stringprep.IsOtherSpace(codePoint))
                span[written++] = ' ';
            else if (!Stringprep.IsMappedToNothing(codePoint))
                span[written++] = codePoint;
        }
        text.Truncate(written);
    }

    /// <summary>RFC 4013 §2.4 and RFC 3454 §6: where anything goes from right to left, nothing goes the other way, and both ends do.</summary>
    static bool IsOfOneDirection(ReadOnlySpan<int> text)
    {
        var (anyLeft, anyRight) = (false, false);
        foreach (var codePoint in text)
        {
            var direction = Stringprep.Directions[codePoint];
            (anyRight, anyLeft) = (anyRight || direction == RightToLeft, anyLeft || direction == LeftToRight);
        }
        return !anyRight || (!anyLeft && Stringprep.Directions[text[0]] == RightToLeft && Stringprep.Directions[text[^1]] == RightToLeft);
    }
}
