using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Ldap;

/// <summary>Makes connections: the name is looked up each time, TLS comes first where it is wanted, StartTLS before anything else is said.</summary>
sealed class LdapConnector(LdapTls tls, bool startTls, TimeSpan patience)
{
    public LdapTls Tls => tls;

    /// <exception cref="LdapException">With the reason why not.</exception>
    public async Task<LdapTransport> ConnectAsync(LdapUrl url, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(patience);
        try
        {
            var stream = new NetworkStream(await OpenAsync(url, deadline.Token), ownsSocket: true);
            return await SecureAsync(url, stream, deadline.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new LdapException($"{url}: no connection within {patience.TotalSeconds} s") { IsBroken = false };
        }
        catch (SocketException failure)
        {
            throw new LdapException($"{url}: {failure.Message}", failure) { IsBroken = false };
        }
    }

    async Task<LdapTransport> SecureAsync(LdapUrl url, Stream stream, CancellationToken stop)
    {
        var transport = new LdapTransport(stream);
        try
        {
            if (url.IsTls)
                transport.Replace(await tls.AuthenticateAsync(stream, NameOf(url), stop));
            else if (startTls)
                await StartTlsAsync(url, transport, stop);
            return transport;
        }
        catch (LdapException failure)
        {
            await stream.DisposeAsync();
            throw new LdapException($"{url}: {failure.Message}", failure) { IsBroken = false };
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>RFC 4511 §4.14.</summary>
    async Task StartTlsAsync(LdapUrl url, LdapTransport transport, CancellationToken stop)
    {
        var answer = await transport.AskAsync(LdapRequests.StartTls, LdapResponseKind.Extended, stop);
        if (!answer.Result!.IsSuccess)
            throw new LdapException($"StartTLS is refused: {answer.Result}");
        // Whoever put these into the clear would have them taken for the server's, under TLS.
        if (!transport.Unread.IsEmpty)
            throw new LdapException("bytes behind the answer to StartTLS came in the clear");
        transport.Replace(await tls.AuthenticateAsync(transport.Stream, NameOf(url), stop));
    }

    static string NameOf(LdapUrl url) => url.IsLocal ? "localhost" : url.Host;

    async Task<Socket> OpenAsync(LdapUrl url, CancellationToken stop)
    {
        if (url.IsLocal)
            return await UnixSockets.ConnectAsync(url.Path, stop);
        var addresses = IPAddress.TryParse(url.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(url.Host, stop);
        for (var i = 0; i < addresses.Length; i++)
        {
            // An address that swallows everything leaves time for the others.
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(stop);
            turn.CancelAfter(patience / (addresses.Length - i));
            try
            {
                return await OpenAsync(new IPEndPoint(addresses[i], url.Port), turn.Token);
            }
            catch (Exception failure) when (i < addresses.Length - 1 && !stop.IsCancellationRequested && failure is SocketException or OperationCanceledException)
            {
                // The next one.
            }
        }
        throw new SocketException((int)SocketError.HostNotFound);
    }

    static async Task<Socket> OpenAsync(IPEndPoint place, CancellationToken stop)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(place, stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
