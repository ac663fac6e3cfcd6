using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace Sasl.Protocols.Supervision;

/// <summary>One end of a supervision connection: frames in order, each with at most one descriptor. Sends may come from any task.</summary>
public sealed class SupervisionChannel(Socket socket) : IDisposable
{
    /// <summary>The longest frame in bytes. A configuration text is sent in pieces of half of it.</summary>
    public const int LongestFrame = 64 * 1024;

    readonly SemaphoreSlim _sending = new(1);
    readonly byte[] _buffer = new byte[LongestFrame];

    public PeerCredentials Peer => Descriptors.PeerOf(socket);

    public async ValueTask SendAsync(string[] fields, SafeHandle? descriptor = null, CancellationToken stop = default)
    {
        var payload = Encoding.UTF8.GetBytes(TabLine.Join(fields));
        if (payload.Length > LongestFrame)
            throw new ArgumentException($"frame {fields[0]} is longer than {LongestFrame} bytes");
        await _sending.WaitAsync(stop);
        try
        {
            await Descriptors.SendAsync(socket, payload, descriptor, stop);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next frame, or null when the other side has gone.</summary>
    public async ValueTask<(string[] Fields, SafeFileHandle? Descriptor)?> ReceiveAsync(CancellationToken stop = default)
    {
        try
        {
            var (count, descriptor) = await Descriptors.ReceiveAsync(socket, _buffer, stop);
            return count == 0 ? null : (TabLine.Split(Encoding.UTF8.GetString(_buffer, 0, count)), descriptor);
        }
        catch (Exception gone) when (gone is UnixException or SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    public async ValueTask SendConfigAsync(string name, string text, CancellationToken stop = default)
    {
        const int piece = LongestFrame / 8;
        for (var at = 0; at == 0 || at < text.Length; at += piece)
            await SendAsync([Verb.Config, name, text.Substring(at, Math.Min(piece, text.Length - at))], null, stop);
    }

    public void Dispose() => socket.Dispose();
}
