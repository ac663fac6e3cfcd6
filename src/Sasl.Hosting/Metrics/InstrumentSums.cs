// Invariants of this file and InstrumentSum:
//  * Adding to a sum that exists allocates nothing and takes no lock: it is on the way of every login and every mail.
//  * The number of sums is bounded, whatever a client does to the attributes of a measurement.
using System.Diagnostics.Metrics;
using System.Text;

namespace Sasl.Hosting.Metrics;

/// <summary>
/// The sums of all instruments of our meters, from the moment on when this is made: a process that tells its metrics makes one first of
/// all. Without it the instruments are switched off and cost nothing.
/// </summary>
public sealed class InstrumentSums : IDisposable
{
    /// <summary>With what the names of our meters begin; those of the platform are not told.</summary>
    public const string MeterPrefix = "Sasl.";

    readonly List<InstrumentSum> _all = [];
    readonly Lock _gate = new();
    readonly MeterListener _listener = new();

    public InstrumentSums()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal))
                return;
            var sum = new InstrumentSum(instrument);
            lock (_gate)
                _all.Add(sum);
            listener.EnableMeasurementEvents(instrument, sum);
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, attributes, sum) => ((InstrumentSum)sum!).Add(value, attributes));
        _listener.Start();
    }

    /// <summary>Prometheus' text format, version 0.0.4.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        InstrumentSum[] all;
        lock (_gate)
            all = [.. _all];
        foreach (var sum in all.OrderBy(s => s.Name, StringComparer.Ordinal))
            sum.AppendTo(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();
}
