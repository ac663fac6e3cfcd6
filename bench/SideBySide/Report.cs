using System.Globalization;

namespace SideBySide;

enum Side { Ours, Peer }

enum Better { Higher, Lower }

/// <summary>Collects what every round measured and prints one line for each figure: medians, the range, who is ahead, the servers' CPU.</summary>
sealed class Report
{
    readonly List<Row> _rows = [];

    /// <param name="cpuMicroseconds">What the servers used for one operation, when it is known.</param>
    public void Add(string figure, string unit, Better better, Side side, double value, double? cpuMicroseconds = null)
    {
        var row = _rows.Find(r => r.Figure == figure);
        if (row is null)
            _rows.Add(row = new(figure, unit, better));
        row.Values[(int)side].Add(value);
        if (cpuMicroseconds is { } cpu)
            row.Cpu[(int)side].Add(cpu);
    }

    public void Print(TextWriter output)
    {
        const string Shape = "{0,-46} {1,-6} {2,26} {3,26} {4,7} {5,18} {6,7}";
        output.WriteLine();
        output.WriteLine(string.Format(CultureInfo.InvariantCulture, Shape, "figure: median (min-max)", "unit", "ours", "peer", "ahead", "CPU us/op (peer)", "ahead"));
        foreach (var row in _rows)
        {
            var cpu = row.Cpu[0].Count == 0 ? "" : row.Cpu[1].Count == 0 ? Number(Median(row.Cpu[0])) : $"{Number(Median(row.Cpu[0]))} ({Number(Median(row.Cpu[1]))})";
            output.WriteLine(string.Format(CultureInfo.InvariantCulture, Shape, row.Figure, row.Unit, Range(row.Values[0]), Range(row.Values[1]),
                Ahead(row.Values, row.Better), cpu, Ahead(row.Cpu, Better.Lower)).TrimEnd());
        }
    }

    static string Range(List<double> values) => values.Count switch
    {
        0 => "-",
        1 => Number(values[0]),
        _ => $"{Number(Median(values))} ({Number(values.Min())}-{Number(values.Max())})",
    };

    /// <summary>How many times better we are; below 1 the peer is.</summary>
    static string Ahead(List<double>[] values, Better better)
    {
        if (values[0].Count == 0 || values[1].Count == 0)
            return "";
        var (ours, peer) = (Median(values[0]), Median(values[1]));
        var ratio = better == Better.Higher ? ours / peer : peer / ours;
        return double.IsFinite(ratio) ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "";
    }

    static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    sealed record Row(string Figure, string Unit, Better Better)
    {
        public List<double>[] Values { get; } = [[], []];

        public List<double>[] Cpu { get; } = [[], []];
    }
}
