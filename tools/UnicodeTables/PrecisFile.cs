namespace UnicodeTables;

/// <summary>What the PRECIS classes (RFC 8264), their contextual rules (RFC 5892 appendix A) and the Bidi Rule (RFC 5893) ask of a character.</summary>
static class PrecisFile
{
    static readonly string[] _directions = ["", "L", "R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"];
    static readonly string[] _scripts = ["", "Greek", "Hebrew", "Hiragana", "Katakana", "Han"];
    static readonly string[] _joining = ["", "L", "D", "T", "R"];

    public static string Write(UnicodeDatabase database)
    {
        var source = TableText.BeginClass(database, "PrecisTable", "What RFC 8264, RFC 5892 and RFC 5893 ask of a character.");
        var derivation = new PrecisDerivation(database);
        TableText.Runs(derivation.Of).WriteProperty(source, "Properties", "Runs of derived properties, the values of PrecisProperty.");
        TableText.Runs(Values(database, "extracted/DerivedBidiClass.txt", _directions)).WriteProperty(source, "Directions", "Runs of bidirectional classes, the values of BidiClass.");
        TableText.Runs(Values(database, "Scripts.txt", _scripts)).WriteProperty(source, "Scripts", "Runs of the scripts that contextual rules name, the values of Script.");
        TableText.Runs(Values(database, "extracted/DerivedJoiningType.txt", _joining)).WriteProperty(source, "JoiningTypes", "Runs of joining types, the values of JoiningType.");
        var (cased, ignorable) = (database.With("DerivedCoreProperties.txt", "Cased"), database.With("DerivedCoreProperties.txt", "Case_Ignorable"));
        TableText.Runs(c => (cased[c] ? 1 : 0) | (ignorable[c] ? 2 : 0)).WriteProperty(source, "Casing", "Runs of 1 for a cased character, 2 for one that is passed over between cased ones.");
        var lowercase = new TableText().Add(database.Lowercase.Count);
        var before = 0;
        foreach (var (code, mapping) in database.Lowercase)
        {
            lowercase.Add(code - before).Add(mapping.Length);
            foreach (var c in mapping)
                lowercase.AddSigned(c - code);
            before = code;
        }
        lowercase.WriteProperty(source, "Lowercase", "How many, then each: difference to the code point before, length of the mapping, differences to the code point.");
        return TableText.EndClass(source);
    }

    static Func<int, int> Values(UnicodeDatabase database, string file, string[] names)
    {
        var values = new byte[UnicodeDatabase.CodePoints];
        foreach (var (first, last, fields) in database.Ranges(file))
            Array.Fill(values, (byte)Math.Max(0, Array.IndexOf(names, fields[0])), first, last - first + 1);
        return c => values[c];
    }
}
