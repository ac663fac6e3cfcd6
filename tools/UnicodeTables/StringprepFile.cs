namespace UnicodeTables;

/// <summary>The tables of RFC 3454 that are properties of Unicode 3.2: A.1, D.1, D.2.</summary>
static class StringprepFile
{
    /// <summary>
    /// Characters of Unicode 3.2 whose direction was changed after it, with what it was: none, R or AL (table D.1), L (table D.2). The database
    /// has the present direction only; these are the differences to the tables of the RFC.
    /// </summary>
    static readonly (int First, int Last, int Direction)[] _directionsOf32 =
    [
        (0x06DD, 0x06DD, 1), (0x070F, 0x070F, 0), (0x0CBF, 0x0CBF, 0), (0x0CC6, 0x0CC6, 0), (0x1734, 0x1734, 0), (0x17B4, 0x17B5, 2),
        (0x1885, 0x1886, 2), (0x2132, 0x2132, 0), (0x2800, 0x28FF, 0), (0x302E, 0x302F, 0), (0x1D6DB, 0x1D6DB, 2), (0x1D715, 0x1D715, 2),
        (0x1D74F, 0x1D74F, 2), (0x1D789, 0x1D789, 2), (0x1D7C3, 0x1D7C3, 2),
    ];

    public static string Write(UnicodeDatabase database)
    {
        var source = TableText.BeginClass(database, "StringprepTable", "The tables of RFC 3454 that are properties of Unicode 3.2.");
        var assigned = database.Age.Select(a => a is not null && a <= new Version(3, 2)).ToArray();
        TableText.Runs(c => assigned[c] ? 1 : 0).WriteProperty(source, "Assigned", "RFC 3454 §A.1: runs of what is assigned in Unicode 3.2 (or no character for ever).");
        TableText.Runs(c => assigned[c] ? Direction(database, c) : 0).WriteProperty(source, "Directions", "Runs of directions: 1 is RFC 3454 §D.1, 2 is RFC 3454 §D.2.");
        var corrections = new TableText().Add(database.DecompositionsOf32.Count);
        foreach (var (code, mapping) in database.DecompositionsOf32)
            corrections.Add(code).Add(mapping);
        corrections.WriteProperty(source, "Corrections", "How many, then pairs: a character whose decomposition was corrected after Unicode 3.2, and what it was.");
        return TableText.EndClass(source);
    }

    static int Direction(UnicodeDatabase database, int code)
    {
        foreach (var (first, last, direction) in _directionsOf32)
        {
            if (code >= first && code <= last)
                return direction;
        }
        return database.Bidi[code] switch { "R" or "AL" => 1, "L" => 2, _ => 0 };
    }
}
