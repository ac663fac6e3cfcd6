using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Testing;

namespace Architecture.Tests;

/// <summary>METRICS.md documents each instrument that the programs declare, and no other.</summary>
public sealed class MetricsTests
{
    static readonly Dictionary<string, string> _declared = Declared();
    static readonly Dictionary<string, string> _documented = File.ReadLines(Path.Combine(Binaries.Root, "METRICS.md"))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length == 8 && cells[1].StartsWith('`'))
        .ToDictionary(cells => cells[1].Trim('`'), cells => $"{cells[2]} of {{{cells[3]}}}");

    [Fact]
    public void METRICS_md_and_the_declared_instruments_are_the_same()
    {
        Assert.Equal(string.Join('\n', _declared.OrderBy(d => d.Key, StringComparer.Ordinal)), string.Join('\n', _documented.OrderBy(d => d.Key, StringComparer.Ordinal)));
    }

    /// <summary>What exists once every type that holds a meter or an instrument has been initialised.</summary>
    static Dictionary<string, string> Declared()
    {
        var found = new Dictionary<string, string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("Sasl.", StringComparison.Ordinal))
                found[instrument.Name] = $"{(instrument is Counter<long> ? "counter" : instrument is UpDownCounter<long> ? "gauge" : instrument.GetType().Name)} of {instrument.Unit}";
        };
        listener.Start();
        foreach (var type in Built.Ours.SelectMany(name => Assembly.Load(name).GetTypes()))
        {
            if (type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Any(f => typeof(Meter).IsAssignableFrom(f.FieldType) || typeof(Instrument).IsAssignableFrom(f.FieldType)))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
        return found;
    }
}
