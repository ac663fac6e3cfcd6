using System.Globalization;

namespace UnicodeTables;

/// <summary>The parts of the Unicode Character Database (UAX #44) that the tables need, by code point.</summary>
public sealed class UnicodeDatabase
{
    public const string DebianDirectory = "/usr/share/unicode";
    public const int CodePoints = 0x110000;

    readonly string _directory;

    public UnicodeDatabase(string directory)
    {
        _directory = directory;
        // "# DerivedAge-15.0.0.txt"
        Version = File.ReadLines(Path.Combine(directory, "DerivedAge.txt")).First().Split('-', '.') is [_, var major, var minor, var update, _]
            ? $"{major}.{minor}.{update}" : throw new InvalidDataException("DerivedAge.txt does not tell its version");
        Array.Fill(Category, "Cn");
        ReadUnicodeData();
        ReadDecompositionCorrections();
        foreach (var (first, last, fields) in Ranges("DerivedAge.txt"))
        {
            var age = System.Version.Parse(fields[0]);
            Array.Fill(Age, age, first, last - first + 1);
        }
        // SpecialCasing.txt: U+0130 is the one character whose lowercase is two characters without a condition.
        foreach (var line in Lines("SpecialCasing.txt").Select(l => l.Split(';', StringSplitOptions.TrimEntries)))
        {
            if (line[4].Length == 0 && Sequence(line[1]) is { Length: > 1 } lower)
                Lowercase[Hex(line[0])] = lower;
        }
    }

    public string Version { get; }
    public string[] Category { get; } = new string[CodePoints];
    public byte[] CombiningClass { get; } = new byte[CodePoints];
    public string?[] Bidi { get; } = new string?[CodePoints];
    public Version?[] Age { get; } = new Version?[CodePoints];
    public SortedDictionary<int, int[]> Lowercase { get; } = [];

    /// <summary>Decomposition mappings as UnicodeData.txt has them, one level; the tag is empty for a canonical one.</summary>
    public SortedDictionary<int, (string Tag, int[] Mapping)> Decompositions { get; } = [];

    /// <summary>What Unicode 3.2 had in place of a mapping that was corrected later (NormalizationCorrections.txt).</summary>
    public SortedDictionary<int, int> DecompositionsOf32 { get; } = [];

    /// <summary>Which code points have a property with a value, or a binary property, of a file of ranges.</summary>
    public bool[] With(string file, string property, string? value = null)
    {
        var has = new bool[CodePoints];
        foreach (var (first, last, _) in Ranges(file).Where(r => r.Fields[0] == property && (value is null || r.Fields[1] == value)))
            Array.Fill(has, true, first, last - first + 1);
        return has;
    }

    /// <summary>The rows "first..last ; field ; field" of a file, without comments.</summary>
    public IEnumerable<(int First, int Last, string[] Fields)> Ranges(string file)
    {
        foreach (var fields in Lines(file).Select(l => l.Split(';', StringSplitOptions.TrimEntries)))
        {
            var ends = fields[0].Split("..");
            yield return (Hex(ends[0]), Hex(ends[^1]), fields[1..]);
        }
    }

    void ReadUnicodeData()
    {
        var rangeStart = 0;
        foreach (var fields in Lines("UnicodeData.txt").Select(l => l.Split(';')))
        {
            var code = Hex(fields[0]);
            var first = fields[1].EndsWith(", Last>", StringComparison.Ordinal) ? rangeStart : code;
            rangeStart = code;
            for (var c = first; c <= code; c++)
                (Category[c], CombiningClass[c], Bidi[c]) = (fields[2], byte.Parse(fields[3]), fields[4]);
            if (fields[5].Length > 0)
            {
                var tag = fields[5][0] == '<' ? fields[5][1..fields[5].IndexOf('>')] : "";
                Decompositions[code] = (tag, Sequence(fields[5][(tag.Length > 0 ? tag.Length + 2 : 0)..]));
            }
            if (fields[13].Length > 0)
                Lowercase[code] = [Hex(fields[13])];
        }
    }

    void ReadDecompositionCorrections()
    {
        foreach (var fields in Lines("NormalizationCorrections.txt").Select(l => l.Split(';', StringSplitOptions.TrimEntries)))
        {
            if (System.Version.Parse(fields[3]) > new Version(3, 2, 0))
                DecompositionsOf32[Hex(fields[0])] = Hex(fields[1]);
        }
    }

    IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(_directory, file)).Select(l => l.Split('#')[0]).Where(l => l.Trim().Length > 0);

    static int[] Sequence(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Hex)];

    static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber);
}
