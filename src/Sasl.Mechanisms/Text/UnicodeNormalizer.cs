using System.Text;

namespace Sasl.Mechanisms.Text;

/// <summary>
/// Normalization forms (UAX #15). Not <see cref="string.Normalize()"/>, which returns its input unchanged under InvariantGlobalization.
/// The work is linear in the length of the text, whatever it holds.
/// </summary>
static class UnicodeNormalizer
{
    /// <summary>In UTF-16 code units, or bytes of UTF-8. Normalized it may be 18 times as long, so that a bound is needed.</summary>
    public const int LongestText = 16 * 1024;

    // While characters are put in order, each has its combining class above its 21 bits.
    const int ClassShift = 21, CodePointMask = (1 << ClassShift) - 1;

    /// <summary>False when the text is longer than <see cref="LongestText"/>, or is not UTF-16. The same instance when it is normalized already.</summary>
    public static bool TryNormalize(string text, NormalizationForm form, out string normalized)
    {
        normalized = text;
        if (text.Length > LongestText)
            return false;
        if (Ascii.IsValid(text))
            return true;
        using var buffer = new CodePointBuffer(text.Length);
        if (!buffer.TryAddUtf16(text))
            return false;
        if (!IsNormalized(buffer.Span, form, NormalizationData.Current))
        {
            Transform(buffer, form, NormalizationData.Current);
            normalized = buffer.ToString();
        }
        return true;
    }

    public static void Normalize(CodePointBuffer text, NormalizationForm form, NormalizationData data)
    {
        if (!IsNormalized(text.Span, form, data))
            Transform(text, form, data);
    }

    /// <summary>UAX #15 section 9: true when it certainly is. Then nothing needs to be done.</summary>
    static bool IsNormalized(ReadOnlySpan<int> text, NormalizationForm form, NormalizationData data)
    {
        var doubts = form switch
        {
            NormalizationForm.FormD => 1,
            NormalizationForm.FormC => 2 | 4,
            NormalizationForm.FormKD => 8,
            _ => 16 | 4,
        };
        var last = 0;
        foreach (var codePoint in text)
        {
            var combining = data.CombiningClass(codePoint);
            if ((combining != 0 && combining < last) || (data.QuickCheck(codePoint) & doubts) != 0)
                return false;
            last = combining;
        }
        return true;
    }

    static void Transform(CodePointBuffer text, NormalizationForm form, NormalizationData data)
    {
        using var parts = new CodePointBuffer(2 * text.Span.Length);
        foreach (var codePoint in text.Span)
            data.Decompose(codePoint, compatibility: form is NormalizationForm.FormKC or NormalizationForm.FormKD, parts);
        foreach (ref var part in parts.Span)
            part |= data.CombiningClass(part) << ClassShift;
        CanonicalOrder.Sort(parts.Span, ClassShift);
        if (form is NormalizationForm.FormC or NormalizationForm.FormKC)
            Compose(parts, data);
        foreach (ref var part in parts.Span)
            part &= CodePointMask;
        text.Exchange(parts);
    }

    /// <summary>The Unicode Standard D117: each character joins the last starter before it, when nothing between them blocks it.</summary>
    static void Compose(CodePointBuffer text, NormalizationData data)
    {
        var span = text.Span;
        var (starter, lastClass, written) = (-1, 0, 0);
        foreach (var character in span)
        {
            var combining = character >> ClassShift;
            if (starter >= 0 && (written == starter + 1 || lastClass < combining)
                && data.Compose(span[starter], character & CodePointMask) is >= 0 and var composite)
            {
                span[starter] = composite;
                continue;
            }
            if (combining == 0)
                starter = written;
            lastClass = combining;
            span[written++] = character;
        }
        text.Truncate(written);
    }
}
