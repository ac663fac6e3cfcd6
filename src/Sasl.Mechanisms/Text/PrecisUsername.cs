using System.Text;

namespace Sasl.Mechanisms.Text;

/// <summary>UsernameCaseMapped (RFC 8265 §3.3) and UsernameCasePreserved (RFC 8265 §3.4): one userpart, which holds no space.</summary>
static class PrecisUsername
{
    /// <summary>Prepares the text in place; false when it holds something that it may not, or nothing at all.</summary>
    public static bool TryPrepare(CodePointBuffer text, bool caseMapped) => PrecisString.TryEnforce(text, caseMapped ? ApplyCaseMapped : ApplyCasePreserved);

    static bool ApplyCaseMapped(CodePointBuffer text) => Apply(text, caseMapped: true);

    static bool ApplyCasePreserved(CodePointBuffer text) => Apply(text, caseMapped: false);

    static bool Apply(CodePointBuffer text, bool caseMapped)
    {
        foreach (ref var codePoint in text.Span)
            codePoint = Decompositions.CommonWidth(codePoint);
        // RFC 8265 §3.3.1: the class is asked for here, before anything else is mapped.
        if (!PrecisString.IsIdentifier(text.Span))
            return false;
        if (caseMapped)
            Lowercase.Map(text);
        UnicodeNormalizer.Normalize(text, NormalizationForm.FormC, NormalizationData.Current);
        return BidiRule.Holds(text.Span);
    }
}
