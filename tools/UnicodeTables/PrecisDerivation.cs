namespace UnicodeTables;

/// <summary>RFC 8264 §8 and §9: from properties of the Unicode Character Database to what a string class says of a character.</summary>
sealed class PrecisDerivation(UnicodeDatabase database)
{
    // The values of PrecisProperty in the library.
    const int Disallowed = 0, Valid = 1, FreeValid = 2, ContextJoiner = 3, ContextOther = 4, Unassigned = 5;

    readonly bool[] _noncharacter = database.With("PropList.txt", "Noncharacter_Code_Point");
    readonly bool[] _joinControl = database.With("PropList.txt", "Join_Control");
    readonly bool[] _ignorable = database.With("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point");
    readonly bool[] _changesInNfkc = database.With("DerivedNormalizationProps.txt", "NFKC_QC", "N");
    readonly bool[] _leading = database.With("HangulSyllableType.txt", "L");
    readonly bool[] _vowel = database.With("HangulSyllableType.txt", "V");
    readonly bool[] _trailing = database.With("HangulSyllableType.txt", "T");

    public int Of(int code)
    {
        if (Exception(code) is { } exception)
            return exception;
        var category = database.Category[code];
        if (category == "Cn" && !_noncharacter[code])
            return Unassigned;
        if (code is >= 0x21 and <= 0x7E)
            return Valid;
        if (_joinControl[code])
            return ContextJoiner;
        // OldHangulJamo, PrecisIgnorableProperties, Controls
        if (_leading[code] || _vowel[code] || _trailing[code] || _ignorable[code] || _noncharacter[code] || category == "Cc")
            return Disallowed;
        // HasCompat: what NFKC changes
        if (_changesInNfkc[code])
            return FreeValid;
        return category switch
        {
            "Ll" or "Lu" or "Lo" or "Nd" or "Lm" or "Mn" or "Mc" => Valid,
            "Lt" or "Nl" or "No" or "Me" => FreeValid,
            "Zs" or "Sm" or "Sc" or "Sk" or "So" => FreeValid,
            "Pc" or "Pd" or "Ps" or "Pe" or "Pi" or "Pf" or "Po" => FreeValid,
            _ => Disallowed,
        };
    }

    /// <summary>RFC 8264 §9.6, which are those of RFC 5892 §2.6.</summary>
    static int? Exception(int code) => code switch
    {
        0x00DF or 0x03C2 or 0x06FD or 0x06FE or 0x0F0B or 0x3007 => Valid,
        0x00B7 or 0x0375 or 0x05F3 or 0x05F4 or 0x30FB => ContextOther,
        (>= 0x0660 and <= 0x0669) or (>= 0x06F0 and <= 0x06F9) => ContextOther,
        0x0640 or 0x07FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B => Disallowed,
        _ => null,
    };
}
