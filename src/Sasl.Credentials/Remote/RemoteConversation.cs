using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace Sasl.Credentials.Remote;

/// <summary>
/// A dialogue in lines with the server: bounded in length and number, whatever it sends. Anything but a line is a <see cref="RemoteException"/>. What is sent goes past
/// the connection's buffer, which would keep a copy of the password.
/// </summary>
sealed class RemoteConversation(Connection connection, RemoteServer server, Explanation? explanation, ILogger log)
{
    const int LongestLine = 8192, MostLines = 200;

    int _lines;

    public RemoteServer Server => server;

    public bool IsTls => connection.IsTls;

    /// <summary>The password stays on this machine, is encrypted, or the administrator wants it so.</summary>
    public bool MayShowPassword => IsTls || IsLocal || server.AllowsPlaintext;

    /// <summary>It goes to another machine in the clear.</summary>
    public bool IsExposed => !IsTls && !IsLocal;

    bool IsLocal => connection.RemoteEndPoint is { Address: var address } && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>This machine as a name for EHLO (RFC 5321 §4.1.3): the address that the server sees.</summary>
    public string LocalName => connection.LocalEndPoint?.Address is not { } address ? "localhost"
        : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? $"[{address}]" : $"[IPv6:{new IPAddress(address.GetAddressBytes())}]";

    /// <summary>A step of the decision, for the administrator. Never what the server said in words of its own: it may be the password.</summary>
    public void Explain(string step) => explanation?.Add($"{server.Mechanism}: {step}");

    /// <summary>One line, a character a byte.</summary>
    public async Task<string> ReadLineAsync(CancellationToken stop)
    {
        if (++_lines > MostLines)
            throw Unexpected($"more than {MostLines} lines");
        var line = await connection.Reader.ReadLineAsync(LongestLine, stop);
        return line.Status switch
        {
            LineStatus.Complete => line.ToString(),
            LineStatus.TimedOut => throw new RemoteException(RemoteTexts.Synchronizing),
            LineStatus.Closed => throw Unexpected("closed the connection"),
            LineStatus.TooLong => throw Unexpected($"a line of more than {LongestLine} bytes"),
            _ => throw Unexpected("a NUL"),
        };
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        try
        {
            await connection.Stream.WriteAsync(bytes, stop);
        }
        catch (IOException)
        {
            Explain("the connection broke");
            throw new RemoteException(RemoteTexts.Synchronizing);
        }
    }

    public Task SendAsync(string line, CancellationToken stop) => SendAsync(System.Text.Encoding.ASCII.GetBytes($"{line}\r\n"), stop);

    /// <summary>Says goodbye to a server that has given its answer; whether it hears is of no interest.</summary>
    public async Task LeaveAsync(string line, CancellationToken stop)
    {
        try
        {
            await SendAsync(line, stop);
        }
        catch (Exception gone) when (gone is RemoteException or OperationCanceledException)
        {
            // The verdict stands.
        }
    }

    /// <summary>The handshake. Nothing that came in the clear is taken for what the server says under TLS: a byte too many ends the dialogue.</summary>
    public async Task StartTlsAsync(CancellationToken stop)
    {
        if (connection.Reader.HasBufferedInput)
            throw Unexpected("words in the clear after the go-ahead for TLS");
        try
        {
            await connection.StartTlsAsClientAsync(server.Trust, stop);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            var reason = RemoteTexts.Line((failure.InnerException as AuthenticationException ?? failure).Message);
            log.TlsFailed(server.Mechanism, server.Host, server.Port, reason);
            Explain($"TLS failed: {reason}");
            throw new RemoteException($"{RemoteTexts.NoContact}: TLS: {reason}");
        }
        Explain($"{connection.Tls!.SslProtocol}, {(server.Trust.RemoteCertificateValidationCallback is null ? "certificate is good" : "certificate not verified")}");
    }

    /// <summary>Not what the protocol has here.</summary>
    /// <param name="what">For the administrator; nothing that the server wrote.</param>
    public RemoteException Unexpected(string what)
    {
        Explain($"unexpected: {what}");
        return new(RemoteTexts.Unexpected);
    }
}
