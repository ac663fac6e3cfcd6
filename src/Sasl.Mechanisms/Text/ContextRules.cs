namespace Sasl.Mechanisms.Text;

/// <summary>RFC 5892 appendix A: characters that are allowed beside certain others only.</summary>
static class ContextRules
{
    const int Virama = 9;

    public static bool Allow(ReadOnlySpan<int> text, int at) => text[at] switch
    {
        // RFC 5892 §A.1: behind a virama, or between letters that would join.
        0x200C => IsBehindVirama(text, at) || IsBetweenJoiningLetters(text, at),
        // RFC 5892 §A.2
        0x200D => IsBehindVirama(text, at),
        // RFC 5892 §A.3: the Catalan l·l.
        0x00B7 => at > 0 && text[at - 1] == 'l' && at + 1 < text.Length && text[at + 1] == 'l',
        // RFC 5892 §A.4
        0x0375 => at + 1 < text.Length && PrecisData.ScriptOf(text[at + 1]) == Script.Greek,
        // RFC 5892 §A.5 and §A.6
        0x05F3 or 0x05F4 => at > 0 && PrecisData.ScriptOf(text[at - 1]) == Script.Hebrew,
        // What RFC 5892 §A.7, §A.8 and §A.9 ask is of the whole string.
        _ => true,
    };

    /// <summary>The rules that look at the whole string, in one pass: Japanese around the middle dot, Arabic digits of one kind.</summary>
    public static bool AllowWhole(ReadOnlySpan<int> text)
    {
        var (dot, japanese, arabic, extended) = (false, false, false, false);
        foreach (var codePoint in text)
        {
            switch (codePoint)
            {
                case < 0x80: break;
                case 0x30FB: dot = true; break;
                case >= 0x0660 and <= 0x0669: arabic = true; break;
                case >= 0x06F0 and <= 0x06F9: extended = true; break;
                default: japanese = japanese || PrecisData.ScriptOf(codePoint) is Script.Hiragana or Script.Katakana or Script.Han; break;
            }
        }
        // RFC 5892 §A.7; §A.8 and §A.9 say the same of the other's digits.
        return (!dot || japanese) && !(arabic && extended);
    }

    static bool IsBehindVirama(ReadOnlySpan<int> text, int at) => at > 0 && NormalizationData.Current.CombiningClass(text[at - 1]) == Virama;

    /// <summary>Marks between are passed over. No joiner is one of them, so that a flood of joiners and marks is looked at twice and not more.</summary>
    static bool IsBetweenJoiningLetters(ReadOnlySpan<int> text, int at)
    {
        var (before, after) = (at - 1, at + 1);
        while (before >= 0 && PrecisData.Joining(text[before]) == JoiningType.Transparent)
            before--;
        while (after < text.Length && PrecisData.Joining(text[after]) == JoiningType.Transparent)
            after++;
        return before >= 0 && PrecisData.Joining(text[before]) is JoiningType.Left or JoiningType.Dual
            && after < text.Length && PrecisData.Joining(text[after]) is JoiningType.Right or JoiningType.Dual;
    }
}
