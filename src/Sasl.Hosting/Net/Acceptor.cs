using System.Net.Sockets;

namespace Sasl.Hosting.Net;

/// <summary>Accepts connections and runs each in its own task, never more than a limit at once.</summary>
/// <param name="isCounted">False for the administrator's own sockets: the metrics are about clients.</param>
public sealed class Acceptor(Socket listener, int limit, Func<Socket, CancellationToken, Task> serve, bool isCounted = true)
{
    const int StarvedInterval = 10_000;

    int _active;
    long _starvedAt = -StarvedInterval;

    /// <summary>Connections being served now.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>A connection over the limit was closed at once.</summary>
    public event Action? Refused;

    /// <summary>There was no descriptor for a connection; it waits in the backlog. Told every ten seconds at most.</summary>
    public event Action? Starved;

    /// <summary>A connection's task ended with an exception that it should have handled: a bug, to be logged, not to end the server.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Accepts until told to stop, then waits for those being served (they see the same token).</summary>
    public Task RunAsync(CancellationToken stop) => RunAsync(stop, stop);

    /// <summary>Accepts until <paramref name="retire"/>, then waits for those being served, who are told to end by <paramref name="stop"/> only.</summary>
    public async Task RunAsync(CancellationToken retire, CancellationToken stop)
    {
        while (!retire.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(retire);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (ObjectDisposedException)
            {
                break;
            }
            catch (SocketException refusal)
            {
                // Out of descriptors or an aborted connection: give the others a moment to end, then go on.
                Report(refusal.SocketErrorCode);
                await Task.Delay(20, CancellationToken.None);
                continue;
            }
            if (Interlocked.Increment(ref _active) > limit)
            {
                Interlocked.Decrement(ref _active);
                socket.Close(0);
                if (isCounted)
                    ConnectionMetrics.Refused();
                Refused?.Invoke();
                continue;
            }
            if (isCounted)
            {
                ConnectionMetrics.Accepted();
                ConnectionMetrics.Active.Add(1);
            }
            _ = ServeAsync(socket, stop);
        }
        while (Active > 0)
            await Task.Delay(10, CancellationToken.None);
    }

    void Report(SocketError error)
    {
        if (error != SocketError.TooManyOpenSockets || Environment.TickCount64 - _starvedAt < StarvedInterval)
            return;
        _starvedAt = Environment.TickCount64;
        Starved?.Invoke();
    }

    async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        try
        {
            await Task.Yield();
            await serve(socket, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            socket.Close(0);
        }
        catch (Exception bug)
        {
            socket.Close(0);
            Failed?.Invoke(bug);
        }
        finally
        {
            if (isCounted)
                ConnectionMetrics.Active.Add(-1);
            Interlocked.Decrement(ref _active);
        }
    }
}
