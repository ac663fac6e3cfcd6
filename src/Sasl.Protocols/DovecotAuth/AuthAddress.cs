using System.Net;
using System.Net.Sockets;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>Where an auth socket is: "/path", "unix:/path" or "inet:host:port", as smtpd_sasl_path spells it.</summary>
public sealed record AuthAddress(string? Path, string? Host, int Port)
{
    /// <summary>Null when it is none of these. A path that is not absolute is under <paramref name="baseDirectory"/>.</summary>
    public static AuthAddress? TryParse(string text, string baseDirectory = "/")
    {
        if (text.StartsWith("inet:", StringComparison.Ordinal))
        {
            var colon = text.LastIndexOf(':');
            return colon > 5 && text[5..colon].Trim('[', ']') is { Length: > 0 } host && ushort.TryParse(text[(colon + 1)..], out var port) && port > 0
                ? new(null, host, port)
                : null;
        }
        var path = text.StartsWith("unix:", StringComparison.Ordinal) ? text[5..] : text;
        return path.Length == 0 ? null : new(System.IO.Path.Combine(baseDirectory, path), null, 0);
    }

    public override string ToString() => Path ?? $"inet:{Host}:{Port}";

    internal async Task<Socket> ConnectAsync(CancellationToken stop)
    {
        var socket = Path is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp)
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            EndPoint to = Path is null ? new DnsEndPoint(Host!, Port) : new UnixDomainSocketEndPoint(Path);
            await socket.ConnectAsync(to, stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
