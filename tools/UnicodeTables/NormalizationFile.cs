namespace UnicodeTables;

/// <summary>Combining classes, decompositions and quick checks (UAX #15).</summary>
static class NormalizationFile
{
    const string Props = "DerivedNormalizationProps.txt";

    public static string Write(UnicodeDatabase database)
    {
        var source = TableText.BeginClass(database, "NormalizationTable", "What normalization forms are made of (UAX #15).");
        TableText.Runs(c => database.CombiningClass[c]).WriteProperty(source, "CombiningClasses", "Runs of canonical combining classes.");
        QuickChecks(database).WriteProperty(source, "QuickChecks", "Runs of the quick checks: 1 not in NFD, 2 not in NFC, 4 perhaps not in NFC or NFKC, 8 not in NFKD, 16 not in NFKC.");
        Decompositions(database).WriteProperty(source, "Decompositions",
            "How many, then each: difference to the code point before; length * 4 + kind (0 canonical, 1 canonical and never composed, 2 compatibility, 3 of width); differences to the mapping before.");
        return TableText.EndClass(source);
    }

    static TableText QuickChecks(UnicodeDatabase database)
    {
        var (nfd, nfc, maybe) = (database.With(Props, "NFD_QC", "N"), database.With(Props, "NFC_QC", "N"), database.With(Props, "NFC_QC", "M"));
        var (nfkd, nfkc, nfkcMaybe) = (database.With(Props, "NFKD_QC", "N"), database.With(Props, "NFKC_QC", "N"), database.With(Props, "NFKC_QC", "M"));
        if (!maybe.AsSpan().SequenceEqual(nfkcMaybe))
            throw new InvalidDataException("NFC and NFKC no longer share their doubtful characters");
        return TableText.Runs(c => (nfd[c] ? 1 : 0) | (nfc[c] ? 2 : 0) | (maybe[c] ? 4 : 0) | (nfkd[c] ? 8 : 0) | (nfkc[c] ? 16 : 0));
    }

    static TableText Decompositions(UnicodeDatabase database)
    {
        var excluded = database.With(Props, "Full_Composition_Exclusion");
        var text = new TableText().Add(database.Decompositions.Count);
        var (before, mappingBefore) = (0, new int[18]);
        foreach (var (code, (tag, mapping)) in database.Decompositions)
        {
            var kind = tag switch { "" => excluded[code] ? 1 : 0, "wide" or "narrow" => 3, _ => 2 };
            text.Add(code - before).Add((mapping.Length * 4) + kind);
            for (var i = 0; i < mapping.Length; i++)
            {
                text.AddSigned(mapping[i] - mappingBefore[i]);
                mappingBefore[i] = mapping[i];
            }
            before = code;
        }
        return text;
    }
}
