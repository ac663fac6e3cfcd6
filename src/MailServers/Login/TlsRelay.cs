// Carries bytes between a TLS client and the worker's end of a socket pair, for as long as the session lasts.
//
//   client ══ TLS ══ SslStream ── relay ── Unix socket ── worker
//
// Invariants of this file:
//  * A direction holds no buffer while it waits: a zero-byte read tells when there is something, then a pooled buffer is rented for it.
//  * What one side has sent before it ended reaches the other side; then the session is over.
//  * A client that does not read stops the worker (back-pressure), and ends when one block has waited too long.
using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;

namespace MailServers.Login;

/// <summary>Bytes carried each way.</summary>
readonly record struct RelayTotals(long FromClient, long ToClient);

static class TlsRelay
{
    const int BlockSize = 16 * 1024;

    /// <summary>Returns when the session is over. Closes neither end.</summary>
    public static async Task<RelayTotals> RunAsync(SslStream client, Socket worker, TimeSpan writeTimeout, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var workerStream = new NetworkStream(worker, ownsSocket: false);
        var up = PumpAsync(client, workerStream, () => worker.Shutdown(SocketShutdown.Send), writeTimeout, over.Token);
        var down = PumpAsync(workerStream, client, static () => { }, writeTimeout, over.Token);
        // The worker decides when the session is over. A client that has gone ends it through the half-close that the worker sees; one
        // that broke (a reset, a bad record) ends it here.
        if (await Task.WhenAny(up, down) == up && !(await up).Orderly)
            await over.CancelAsync();
        var toClient = await down;
        await over.CancelAsync();
        return new((await up).Bytes, toClient.Bytes);
    }

    static async Task<(long Bytes, bool Orderly)> PumpAsync(Stream from, Stream to, Action end, TimeSpan writeTimeout, CancellationToken stop)
    {
        var bytes = 0L;
        // A write that is late is cancelled and awaited, so its buffer is free again when it goes back to the pool.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            while (true)
            {
                _ = await from.ReadAsync(Memory<byte>.Empty, stop);
                var block = ArrayPool<byte>.Shared.Rent(BlockSize);
                try
                {
                    var count = await from.ReadAsync(block, stop);
                    if (count == 0)
                        break;
                    late.CancelAfter(writeTimeout);
                    await to.WriteAsync(block.AsMemory(0, count), late.Token);
                    late.CancelAfter(Timeout.InfiniteTimeSpan);
                    bytes += count;
                    block.AsSpan(0, count).Clear();
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(block);
                }
            }
            end();
            return (bytes, true);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException or TimeoutException)
        {
            return (bytes, false);
        }
    }
}
