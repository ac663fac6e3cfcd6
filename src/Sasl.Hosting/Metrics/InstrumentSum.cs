using System.Diagnostics.Metrics;
using System.Text;

namespace Sasl.Hosting.Metrics;

/// <summary>One instrument's sums, one for each combination of attributes that has occurred.</summary>
sealed class InstrumentSum(Instrument instrument)
{
    /// <summary>More combinations than any instrument of ours has; what comes after them is one sum.</summary>
    public const int MostSeries = 100;

    readonly Lock _gate = new();
    readonly Series _others = new([new("overflow", "true")]);
    volatile Series[] _series = [];

    /// <summary>The name as Prometheus wants it: a counter's ends in _total.</summary>
    public string Name { get; } = instrument.Name.Replace('.', '_') + (instrument is Counter<long> ? "_total" : "");

    public void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> attributes) => (Find(attributes) ?? Make(attributes)).Add(value);

    public void AppendTo(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(instrument.Description).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(instrument is Counter<long> ? " counter\n" : " gauge\n");
        foreach (var series in _series)
            series.AppendTo(text, Name);
        if (_others.Sum != 0)
            _others.AppendTo(text, Name);
    }

    /// <summary>Few enough to look through.</summary>
    Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        foreach (var series in _series)
        {
            if (series.Is(attributes))
                return series;
        }
        return null;
    }

    Series Make(ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        lock (_gate)
        {
            if (Find(attributes) is { } made)
                return made;
            if (_series.Length == MostSeries)
                return _others;
            var series = new Series(attributes.ToArray());
            _series = [.. _series, series];
            return series;
        }
    }

    sealed class Series(KeyValuePair<string, object?>[] attributes)
    {
        long _sum;

        public long Sum => Volatile.Read(ref _sum);

        public void Add(long value) => Interlocked.Add(ref _sum, value);

        public bool Is(ReadOnlySpan<KeyValuePair<string, object?>> other)
        {
            if (other.Length != attributes.Length)
                return false;
            for (var i = 0; i < attributes.Length; i++)
            {
                if (attributes[i].Key != other[i].Key || !Equals(attributes[i].Value, other[i].Value))
                    return false;
            }
            return true;
        }

        public void AppendTo(StringBuilder text, string name)
        {
            text.Append(name);
            for (var i = 0; i < attributes.Length; i++)
                text.Append(i == 0 ? '{' : ',').Append(attributes[i].Key).Append("=\"").Append(Escape(attributes[i].Value)).Append('"');
            text.Append(attributes.Length > 0 ? "} " : " ").Append(Sum).Append('\n');
        }

        static string Escape(object? value) => (value?.ToString() ?? "").Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
    }
}
