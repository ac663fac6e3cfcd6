namespace Sasl.Mechanisms.Text;

/// <summary>The Bidi Rule (RFC 5893 §2), by its six conditions.</summary>
static class BidiRule
{
    /// <summary>RFC 8265 §3.3.2: the rule is for strings that hold anything from right to left; any other satisfies it.</summary>
    public static bool Holds(ReadOnlySpan<int> text)
    {
        if (!HasRightToLeft(text))
            return true;
        // 1: the first character says in which direction all goes.
        return PrecisData.Direction(text[0]) switch
        {
            BidiClass.R or BidiClass.AL => IsRightToLeft(text),
            BidiClass.L => IsLeftToRight(text),
            _ => false,
        };
    }

    static bool HasRightToLeft(ReadOnlySpan<int> text)
    {
        foreach (var codePoint in text)
        {
            if (codePoint >= 0x80 && PrecisData.Direction(codePoint) is BidiClass.R or BidiClass.AL or BidiClass.AN)
                return true;
        }
        return false;
    }

    static bool IsRightToLeft(ReadOnlySpan<int> text)
    {
        var (european, arabic) = (false, false);
        foreach (var codePoint in text)
        {
            var direction = PrecisData.Direction(codePoint);
            // 2: nothing that goes from left to right.
            if (direction is BidiClass.L or BidiClass.Other)
                return false;
            (european, arabic) = (european || direction == BidiClass.EN, arabic || direction == BidiClass.AN);
        }
        // 3: the end; 4: digits of one kind.
        return LastOf(text) is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN && !(european && arabic);
    }

    static bool IsLeftToRight(ReadOnlySpan<int> text)
    {
        foreach (var codePoint in text)
        {
            // 5: nothing that goes from right to left. What is here has some, so this is where it ends.
            if (PrecisData.Direction(codePoint) is BidiClass.R or BidiClass.AL or BidiClass.AN or BidiClass.Other)
                return false;
        }
        // 6: the end.
        return LastOf(text) is BidiClass.L or BidiClass.EN;
    }

    /// <summary>The class of the last character that is no nonspacing mark.</summary>
    static BidiClass LastOf(ReadOnlySpan<int> text)
    {
        var last = text.Length - 1;
        while (last > 0 && PrecisData.Direction(text[last]) == BidiClass.NSM)
            last--;
        return PrecisData.Direction(text[last]);
    }
}
