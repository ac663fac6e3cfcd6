namespace Sasl.Hosting.Configuration;

/// <summary>Finds what somebody may have meant: the smallest edit distance, when it is small beside the word's length.</summary>
public static class NearMiss
{
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        var bound = Math.Max(1, word.Length / 4) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) >= bound)
                continue;
            var distance = Distance(word, candidate);
            if (distance < bound || (distance == bound - 1 && best is not null && string.CompareOrdinal(candidate, best) < 0))
                (bound, best) = (distance, candidate);
        }
        return best;
    }

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn a into b.</summary>
    static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                rows[i, j] = best;
            }
        }
        return rows[a.Length, b.Length];
    }
}
