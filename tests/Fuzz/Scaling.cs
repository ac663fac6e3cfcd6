using System.Runtime.InteropServices;
using System.Text;

namespace Fuzz;

/// <summary>
/// How the work of a target grows when its input does: each seed, and each word of it, repeated to a size and to four times that size. Linear work grows
/// four times, quadratic work sixteen times. Allocations are counted, so that a test can say so; processor time is for a person to look at.
/// </summary>
static partial class Scaling
{
    public const int Small = 16 * 1024;

    /// <summary>More than this is not linear; the difference to four leaves room for buffers that double.</summary>
    public const double MostGrowth = 9;

    public static IEnumerable<string> Patterns(Target target) =>
        target.Seeds.SelectMany(s => s.Split('\n', ' ', ';', ',')).Concat(target.Seeds).Concat(["(", "\"", "<", "[", "{", "a,", ";", "=?", "\\", "$", "\r\n ", "a: b\r\n", "--b\r\n"]).Where(p => p.Length > 0).Distinct();

    public static byte[] Repeated(Target target, string pattern, int size)
    {
        var text = new StringBuilder(target.Seeds[0].Length + size);
        // Behind a beginning that a parser goes past, or at the very front.
        while (text.Length < size)
            text.Append(pattern);
        return Encoding.Latin1.GetBytes(text.ToString(0, size));
    }

    /// <summary>The patterns whose allocations grow faster than the input, with both numbers.</summary>
    public static IEnumerable<string> Allocations(Target target) =>
        Patterns(target).Select(p => (Pattern: p, Low: Allocated(target, Repeated(target, p, Small)), High: Allocated(target, Repeated(target, p, 4 * Small))))
            .Where(m => m.High > (MostGrowth * m.Low) + (1 << 20)).Select(m => $"{m.Pattern}: {m.Low} bytes, then {m.High}");

    /// <summary>The same for processor time, which is never quite the same twice.</summary>
    public static IEnumerable<string> Times(Target target) =>
        Patterns(target).Select(p => (Pattern: p, Low: Time(target, Repeated(target, p, 4 * Small)), High: Time(target, Repeated(target, p, 32 * Small))))
            .Where(m => m.High.TotalMilliseconds > (24 * m.Low.TotalMilliseconds) + 100).Select(m => $"{m.Pattern}: {m.Low.TotalMilliseconds:0.0} ms, then {m.High.TotalMilliseconds:0.0}");

    static long Allocated(Target target, byte[] input)
    {
        Quietly(target, input);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Quietly(target, input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static TimeSpan Time(Target target, byte[] input)
    {
        Quietly(target, input);
        var before = ThreadTime();
        Quietly(target, input);
        return ThreadTime() - before;
    }

    /// <summary>Processor time of this thread alone: other programs do not count, and collections hardly.</summary>
    static TimeSpan ThreadTime()
    {
        Span<long> time = stackalloc long[2];
        return clock_gettime(3, ref time[0]) == 0 ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromTicks(time[1] / 100) : throw new InvalidOperationException("clock_gettime");
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, ref long time);

    /// <summary>Whether the invariants hold is another test's question.</summary>
    static void Quietly(Target target, byte[] input)
    {
        try
        {
            target.Run(input);
        }
        catch (FlawException)
        {
        }
    }
}
