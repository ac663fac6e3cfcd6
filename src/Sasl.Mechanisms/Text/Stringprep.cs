namespace Sasl.Mechanisms.Text;

/// <summary>The tables of stringprep (RFC 3454): those that are properties of Unicode 3.2 are generated, the short ones stand here.</summary>
static class Stringprep
{
    /// <summary>RFC 3454 §A.1: zero is a code point that Unicode 3.2 has not assigned.</summary>
    public static readonly RangeTable Assigned = new(StringprepTable.Assigned);

    /// <summary>RFC 3454 §D.1 and §D.2: 1 is a character from right to left, 2 one from left to right.</summary>
    public static readonly RangeTable Directions = new(StringprepTable.Directions);

    /// <summary>RFC 3454 §B.1: commonly mapped to nothing.</summary>
    public static bool IsMappedToNothing(int c) => c is 0x00AD or 0x034F or 0x1806 or (>= 0x180B and <= 0x180D) or (>= 0x200B and <= 0x200D)
        or 0x2060 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF;

    /// <summary>RFC 3454 §C.1.2: spaces that are not ASCII.</summary>
    public static bool IsOtherSpace(int c) => c is 0x00A0 or 0x1680 or (>= 0x2000 and <= 0x200B) or 0x202F or 0x205F or 0x3000;

    /// <summary>What RFC 4013 §2.3 prohibits of the tables C.</summary>
    public static bool IsProhibited(int c) => IsOtherSpace(c) || IsControl(c) || IsNoCharacter(c) || IsInappropriate(c);

    /// <summary>RFC 3454 §C.2.1 and §C.2.2.</summary>
    static bool IsControl(int c) => c is <= 0x1F or (>= 0x7F and <= 0x9F) or 0x06DD or 0x070F or 0x180E or 0x200C or 0x200D or 0x2028 or 0x2029
        or (>= 0x2060 and <= 0x2063) or (>= 0x206A and <= 0x206F) or 0xFEFF or (>= 0xFFF9 and <= 0xFFFC) or (>= 0x1D173 and <= 0x1D17A);

    /// <summary>RFC 3454 §C.3, §C.4 and §C.5: private use, noncharacters, surrogates.</summary>
    static bool IsNoCharacter(int c) => c is (>= 0xD800 and <= 0xF8FF) or (>= 0xFDD0 and <= 0xFDEF) or >= 0xF0000 || (c & 0xFFFE) == 0xFFFE;

    /// <summary>RFC 3454 §C.6 to §C.9: for plain text, for a canonical form, marks that change the display, tags.</summary>
    static bool IsInappropriate(int c) => c is (>= 0xFFF9 and <= 0xFFFD) or (>= 0x2FF0 and <= 0x2FFB) or 0x0340 or 0x0341 or 0x200E or 0x200F
        or (>= 0x202A and <= 0x202E) or 0xE0001 or (>= 0xE0020 and <= 0xE007F);
}
