namespace UnicodeTables;

/// <summary>The files that are generated, by name.</summary>
public static class GeneratedFiles
{
    public static Dictionary<string, string> All(UnicodeDatabase database) => new()
    {
        ["NormalizationTable.cs"] = NormalizationFile.Write(database),
        ["StringprepTable.cs"] = StringprepFile.Write(database),
        ["PrecisTable.cs"] = PrecisFile.Write(database),
    };
}
