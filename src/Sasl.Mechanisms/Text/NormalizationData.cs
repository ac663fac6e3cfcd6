namespace Sasl.Mechanisms.Text;

/// <summary>
/// What a version of Unicode says of characters for normalization. Normalization is stable: in an older version a character is as it is now, or
/// not assigned yet; but for mappings that were mistakes (NormalizationCorrections.txt).
/// </summary>
sealed class NormalizationData
{
    /// <summary>Below this nothing combines and nothing is composed or decomposed.</summary>
    public const int FirstOfInterest = 0xA0;

    static readonly RangeTable _combiningClasses = new(NormalizationTable.CombiningClasses);
    static readonly RangeTable _quickChecks = new(NormalizationTable.QuickChecks);

    /// <summary>The version of the tables.</summary>
    public static readonly NormalizationData Current = new(null, []);

    /// <summary>RFC 3454 §4: stringprep normalizes as Unicode 3.2 does, and characters of later versions are left alone.</summary>
    public static readonly NormalizationData Unicode32 = new(Stringprep.Assigned, ReadCorrections());

    readonly RangeTable? _assigned;
    readonly Dictionary<int, int> _corrections;

    NormalizationData(RangeTable? assigned, Dictionary<int, int> corrections) => (_assigned, _corrections) = (assigned, corrections);

    public int CombiningClass(int codePoint) => codePoint >= FirstOfInterest && IsAssigned(codePoint) ? _combiningClasses[codePoint] : 0;

    /// <summary>The bits of NormalizationTable.QuickChecks.</summary>
    public int QuickCheck(int codePoint) => codePoint >= FirstOfInterest && IsAssigned(codePoint) ? _quickChecks[codePoint] : 0;

    public int Compose(int first, int second)
    {
        var composite = Hangul.Compose(first, second);
        if (composite < 0)
            composite = Decompositions.Compose(first, second);
        return composite >= 0 && IsAssigned(composite) ? composite : -1;
    }

    /// <summary>The full decomposition of a character. Mappings nest a few levels deep, and the longest is 18 characters.</summary>
    public void Decompose(int codePoint, bool compatibility, CodePointBuffer into)
    {
        if (codePoint < FirstOfInterest)
            into.Add(codePoint);
        else if (Hangul.IsSyllable(codePoint))
            Hangul.Decompose(codePoint, into);
        else if (_corrections.TryGetValue(codePoint, out var mapped))
            into.Add(mapped);
        else if (IsAssigned(codePoint) && Decompositions.Of(codePoint, compatibility) is { IsEmpty: false } mapping)
        {
            foreach (var part in mapping)
                Decompose(part, compatibility, into);
        }
        else
            into.Add(codePoint);
    }

    bool IsAssigned(int codePoint) => _assigned is null || _assigned[codePoint] != 0;

    static Dictionary<int, int> ReadCorrections()
    {
        var reader = new TableNumbers(StringprepTable.Corrections);
        var corrections = new Dictionary<int, int>();
        for (var count = reader.Next(); count > 0; count--)
            corrections.Add(reader.Next(), reader.Next());
        return corrections;
    }
}
