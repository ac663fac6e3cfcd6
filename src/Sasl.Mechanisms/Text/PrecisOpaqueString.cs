using System.Text;

namespace Sasl.Mechanisms.Text;

/// <summary>OpaqueString (RFC 8265 §4.2), for passwords: neither width nor case is mapped, and direction does not matter.</summary>
static class PrecisOpaqueString
{
    /// <summary>Prepares the text in place; false when it holds something that it may not, or nothing at all.</summary>
    public static bool TryPrepare(CodePointBuffer text) => PrecisString.TryEnforce(text, Apply);

    static bool Apply(CodePointBuffer text)
    {
        if (!PrecisString.IsFreeform(text.Span))
            return false;
        foreach (ref var codePoint in text.Span)
        {
            if (IsOtherSpace(codePoint))
                codePoint = ' ';
        }
        UnicodeNormalizer.Normalize(text, NormalizationForm.FormC, NormalizationData.Current);
        return true;
    }

    /// <summary>General category Zs without U+0020. Stringprep's spaces are others: U+200B is no space any more.</summary>
    static bool IsOtherSpace(int c) => c is 0x00A0 or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x202F or 0x205F or 0x3000;
}
