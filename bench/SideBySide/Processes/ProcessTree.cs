using System.Globalization;

namespace SideBySide.Processes;

/// <summary>The processes of one contender: some roots and whatever descends from them.</summary>
sealed class ProcessTree(params int[] roots)
{
    readonly int[] _roots = roots;

    public ProcessTree With(ProcessTree other) => new([.. _roots, .. other._roots]);

    public IReadOnlyList<ProcessReading> Read()
    {
        var all = Directory.GetDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? ProcessReading.Of(pid) : null)
            .OfType<ProcessReading>().ToArray();
        var found = new List<ProcessReading>();
        var next = new Queue<int>(_roots);
        while (next.TryDequeue(out var pid))
        {
            found.AddRange(all.Where(p => p.Pid == pid));
            foreach (var child in all.Where(p => p.Parent == pid))
                next.Enqueue(child.Pid);
        }
        return found;
    }

    /// <summary>All that the tree has used: a child that ended is in its parent's sum.</summary>
    public TimeSpan Cpu() => Read().Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Cpu);
}
