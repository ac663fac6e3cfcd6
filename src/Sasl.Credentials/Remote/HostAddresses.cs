using System.Net;
using System.Net.Sockets;

namespace Sasl.Credentials.Remote;

/// <summary>
/// The addresses of a host name: looked up when they are needed and remembered for a minute. One look-up at a time, whoever waits for it; while the
/// name servers are down or slow the last known addresses are good enough.
/// </summary>
/// <param name="lookUp">Asks the system; tests give their own.</param>
sealed class HostAddresses(string host, Func<string, Task<IPAddress[]>>? lookUp = null, TimeProvider? time = null)
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromSeconds(2);

    readonly Func<string, Task<IPAddress[]>> _lookUp = lookUp ?? Dns.GetHostAddressesAsync;
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly Lock _gate = new();
    IPAddress[] _known = [];
    long _since;
    Task<IPAddress[]>? _asking;

    /// <summary>At least one. SocketException when the name has none.</summary>
    public async Task<IPAddress[]> FindAsync(CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        Task<IPAddress[]> asking;
        IPAddress[] known;
        lock (_gate)
        {
            known = _known;
            if (known.Length > 0 && _time.GetElapsedTime(_since) < Fresh)
                return known;
            // Not inline: it must not end before it is remembered here.
            asking = _asking ??= Task.Run(AskAsync, CancellationToken.None);
        }
        try
        {
            return known.Length == 0 ? await asking.WaitAsync(stop) : await asking.WaitAsync(Patience, _time, stop);
        }
        catch (Exception silence) when (known.Length > 0 && silence is SocketException or TimeoutException)
        {
            return known;
        }
    }

    async Task<IPAddress[]> AskAsync()
    {
        try
        {
            var found = await _lookUp(host);
            if (found.Length == 0)
                throw new SocketException((int)SocketError.HostNotFound);
            lock (_gate)
                (_known, _since) = (found, _time.GetTimestamp());
            return found;
        }
        finally
        {
            lock (_gate)
                _asking = null;
        }
    }
}
