using System.Net.Sockets;
using System.Text;

namespace Sasl.Hosting.Metrics;

/// <summary>
/// Tells the sums to whoever may connect: the text, then the end. Nothing is read from anybody, one is served at a time, and who does not
/// take the text in time does not get it. Who may connect is decided by the socket's mode: its owner.
/// </summary>
public static class MetricsServer
{
    /// <summary>The LISTENER that is meant for this and not for the role. No configured listener can have this name.</summary>
    public const string ListenerName = "/metrics";

    static readonly TimeSpan _deadline = TimeSpan.FromSeconds(5), _pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Serves until stopped. Null, and no cost, without a socket.</summary>
    public static InstrumentSums? Start(Socket? listener, CancellationToken stop)
    {
        if (listener is null)
            return null;
        var sums = new InstrumentSums();
        _ = RunAsync(listener, sums, stop);
        return sums;
    }

    public static async Task RunAsync(Socket listener, InstrumentSums sums, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var asking = await listener.AcceptAsync(stop);
                using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
                late.CancelAfter(_deadline);
                for (ReadOnlyMemory<byte> text = Encoding.UTF8.GetBytes(sums.ToText()); !text.IsEmpty;)
                    text = text[await asking.SendAsync(text, SocketFlags.None, late.Token)..];
                asking.Shutdown(SocketShutdown.Send);
            }
            catch (OperationCanceledException)
            {
                // Too slow, or the end of the process.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Gone again, or no descriptor free: the next one, not at once.
                await Task.Delay(_pause, CancellationToken.None);
            }
        }
    }
}
