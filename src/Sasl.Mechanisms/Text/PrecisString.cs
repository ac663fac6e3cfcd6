namespace Sasl.Mechanisms.Text;

/// <summary>The string classes of PRECIS (RFC 8264) and the way a profile is applied.</summary>
static class PrecisString
{
    /// <summary>RFC 8264 §7: after the first time, the rules are applied three times more at most.</summary>
    const int Applications = 4;

    /// <summary>RFC 8264 §4.2: letters and digits, and all of printable ASCII but the space.</summary>
    public static bool IsIdentifier(ReadOnlySpan<int> text) => IsOf(text, freeform: false);

    /// <summary>RFC 8264 §4.3: spaces, symbols, punctuation and compatibility characters too.</summary>
    public static bool IsFreeform(ReadOnlySpan<int> text) => IsOf(text, freeform: true);

    /// <summary>Applies the rules of a profile until they change nothing more; false when they refuse, never come to an end, or leave nothing.</summary>
    public static bool TryEnforce(CodePointBuffer text, Func<CodePointBuffer, bool> rules)
    {
        using var before = new CodePointBuffer(text.Span.Length);
        for (var i = 0; i < Applications; i++)
        {
            before.Truncate(0);
            foreach (var codePoint in text.Span)
                before.Add(codePoint);
            if (!rules(text))
                return false;
            // What comes out was checked too: it went in.
            if (before.Span.SequenceEqual(text.Span))
                return !text.Span.IsEmpty;
        }
        return false;
    }

    static bool IsOf(ReadOnlySpan<int> text, bool freeform)
    {
        var contextual = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (PrecisData.Property(text[i]))
            {
                case PrecisProperty.Valid:
                case PrecisProperty.FreeValid when freeform:
                    break;
                case PrecisProperty.ContextJoiner or PrecisProperty.ContextOther when ContextRules.Allow(text, i):
                    contextual = true;
                    break;
                default:
                    return false;
            }
        }
        return !contextual || ContextRules.AllowWhole(text);
    }
}
