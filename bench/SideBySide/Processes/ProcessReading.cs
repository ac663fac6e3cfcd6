using System.Globalization;

namespace SideBySide.Processes;

/// <summary>What /proc says of one process.</summary>
/// <param name="Cpu">Its own time and that of its children which have ended.</param>
sealed record ProcessReading(int Pid, int Parent, string CommandLine, TimeSpan Cpu)
{
    static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Null when the process ended meanwhile.</summary>
    public static ProcessReading? Of(int pid)
    {
        try
        {
            // proc(5): the second field, the name, stands in parentheses and may hold anything.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = fields[11..15].Select(f => _tick * long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
            var (own, threads) = (ticks[0] + ticks[1], Threads(pid));
            return new(pid, int.Parse(fields[1], CultureInfo.InvariantCulture), File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Trim(),
                (own > threads ? own : threads) + ticks[2] + ticks[3]);
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The time of the threads that live, in nanoseconds: "stat" cuts to hundredths of a second, which a quick start does not fill.</summary>
    static TimeSpan Threads(int pid) => Directory.GetDirectories($"/proc/{pid}/task").Aggregate(TimeSpan.Zero, (sum, task) => sum + Thread(task));

    /// <summary>A thread that ended since it was listed is none; the process goes on, and its time is in "stat".</summary>
    static TimeSpan Thread(string task)
    {
        try
        {
            return TimeSpan.FromMicroseconds(double.Parse(File.ReadAllText($"{task}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000);
        }
        catch (IOException)
        {
            return TimeSpan.Zero;
        }
    }

    /// <summary>The proportional set size in kB: pages that processes share count for each with its share.</summary>
    public static long Pss(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
