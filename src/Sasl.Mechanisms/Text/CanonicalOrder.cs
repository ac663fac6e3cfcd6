using System.Buffers;

namespace Sasl.Mechanisms.Text;

/// <summary>The Canonical Ordering Algorithm: marks behind a base character stand in the order of their combining classes, equals as they came.</summary>
static class CanonicalOrder
{
    /// <summary>Above this an insertion sort is slower than counting, and squares.</summary>
    const int Few = 24;
    const int Classes = 256;

    /// <summary>The class of each character stands above its code point.</summary>
    public static void Sort(Span<int> text, int classShift)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] >> classShift != 0)
                continue;
            var run = text[start..i];
            if (run.Length > Few)
                Count(run, classShift);
            else if (run.Length > 1)
                Insert(run, classShift);
            start = i + 1;
        }
    }

    static void Insert(Span<int> run, int classShift)
    {
        for (var i = 1; i < run.Length; i++)
        {
            var character = run[i];
            var to = i;
            for (; to > 0 && run[to - 1] >> classShift > character >> classShift; to--)
                run[to] = run[to - 1];
            run[to] = character;
        }
    }

    static void Count(Span<int> run, int classShift)
    {
        Span<int> places = stackalloc int[Classes + 1];
        places.Clear();
        foreach (var character in run)
            places[(character >> classShift) + 1]++;
        for (var i = 1; i < places.Length; i++)
            places[i] += places[i - 1];
        var sorted = ArrayPool<int>.Shared.Rent(run.Length);
        foreach (var character in run)
            sorted[places[character >> classShift]++] = character;
        sorted.AsSpan(0, run.Length).CopyTo(run);
        Array.Clear(sorted);
        ArrayPool<int>.Shared.Return(sorted);
    }
}
