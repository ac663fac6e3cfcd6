using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using MailServers.Queue.Routing;
using MailServers.Smtp;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace MailServers.Queue.SmtpClient;

/// <summary>Why a server cannot be used now.</summary>
/// <param name="IsPermanent">Its answer was a 5xx that counts for the mail, not only for this server.</param>
/// <param name="IsTls">The TLS handshake broke: without TLS it may go, where TLS is not demanded.</param>
sealed record Refusal(string Status, string Text, bool IsPermanent = false, bool IsTls = false);

/// <summary>From a connection to a session that is ready for mail: greeting, EHLO, STARTTLS, AUTH.</summary>
sealed class SmtpConversation(SmtpSettings settings, MailHost host, string nextHop, ILogger log, TimeProvider time)
{
    readonly string _peer = $"{host.Name}[{host.Address}]";

    /// <summary>Exactly one of the two is not null. ConversationException: the connection broke.</summary>
    public async Task<(ClientSession? Session, Features Features, Refusal? Refusal)> OpenAsync(bool withTls, CancellationToken stop)
    {
        if (await ConnectAsync(stop) is not { } socket)
            return (null, Features.None, new("4.4.1", _connectFailure!));
        var session = new ClientSession(new Connection(socket, time), _peer);
        try
        {
            var (features, refusal) = await PrepareAsync(session, withTls, stop);
            if (refusal is null)
                return (session, features, null);
            await session.QuitAsync(stop);
            await session.Connection.DisposeAsync();
            return (null, features, refusal);
        }
        catch
        {
            await session.Connection.DisposeAsync();
            throw;
        }
    }

    async Task<(Features, Refusal?)> PrepareAsync(ClientSession session, bool withTls, CancellationToken stop)
    {
        if (settings.TlsWrapper && await StartTlsAsync(session, stop) is { } broken)
            return (Features.None, broken);
        session.Phase = "receiving the initial server greeting";
        if (await session.ReadReplyAsync(settings.HeloTimeout, stop) is { Code: not 220 } greeting)
            return (Features.None, RefusedToTalk(session, greeting));
        var (features, refusal) = await HelloAsync(session, stop);
        if (refusal is not null)
            return (features, refusal);
        if (!settings.TlsWrapper && withTls && settings.Tls != TlsLevel.None && features.StartTls)
        {
            var go = await session.CommandAsync("STARTTLS", "performing the STARTTLS handshake", settings.HeloTimeout, stop);
            if (go.Code != 220)
            {
                if (settings.Tls != TlsLevel.May)
                    return (features, new("4.7.5", $"host {session.Peer} said: {go.Text} (in reply to STARTTLS command)"));
            }
            else
            {
                if (await StartTlsAsync(session, stop) is { } failed)
                    return (features, failed);
                // RFC 3207 §4.2: what was said before TLS is forgotten.
                (features, refusal) = await HelloAsync(session, stop);
                if (refusal is not null)
                    return (features, refusal);
            }
        }
        if (settings.Tls >= TlsLevel.Encrypt && !session.Connection.IsTls)
            return (features, new("4.7.4", $"TLS is required, but was not offered by host {session.Peer}"));
        return (features, await AuthenticateAsync(session, features, stop));
    }

    /// <summary>RFC 5321 §3.2: EHLO, and HELO for a server that does not know it.</summary>
    async Task<(Features, Refusal?)> HelloAsync(ClientSession session, CancellationToken stop)
    {
        var reply = await session.CommandAsync($"EHLO {settings.HeloName}", "performing the EHLO handshake", settings.HeloTimeout, stop);
        if (reply.IsPositive)
            return (Features.From(reply), null);
        if (reply.IsPermanent)
            reply = await session.CommandAsync($"HELO {settings.HeloName}", "performing the HELO handshake", settings.HeloTimeout, stop);
        return (Features.None, reply.IsPositive ? null : RefusedToTalk(session, reply));
    }

    async Task<Refusal?> StartTlsAsync(ClientSession session, CancellationToken stop)
    {
        // Plaintext that came with the 220 would be taken for the server's words under TLS (response injection).
        if (session.Connection.Reader.HasBufferedInput)
            return new("4.7.5", $"host {session.Peer} sent data before the TLS handshake", IsTls: true);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(settings.HeloTimeout);
        try
        {
            await session.Connection.StartTlsAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = host.Name,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning disable CA5359 // RFC 7435: opportunistic TLS accepts any certificate; the levels may and encrypt ask for no more.
                RemoteCertificateValidationCallback = settings.Tls == TlsLevel.Verify ? null : static (_, _, _, _) => true,
#pragma warning restore CA5359
            }, late.Token);
            var tls = session.Connection.Tls!;
            QueueLog.Tls(log, host.ToString(), TlsNames.Protocol(tls), TlsNames.Cipher(tls));
            return null;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return new("4.7.5", $"Cannot start TLS: handshake failure with {session.Peer}", IsTls: true);
        }
    }

    /// <summary>Only a server that we have a password for is logged in to; without one the mail is tried as it is.</summary>
    async Task<Refusal?> AuthenticateAsync(ClientSession session, Features features, CancellationToken stop)
    {
        if (!settings.Authenticate || features.Mechanisms.Count == 0 || (settings.Password(host.Name) ?? settings.Password(nextHop)) is not { } login)
            return null;
        var options = session.Connection.IsTls ? settings.SaslTlsOptions : settings.SaslOptions;
        // A refusal is a deferral, also with 5xx (smtp_sasl_auth_soft_bounce): a changed password must not bounce the mail of a whole site.
        return await SaslLogin.AuthenticateAsync(session, host.Name, features, login, options, settings.HeloTimeout, stop) is { } reason ? new("4.7.0", reason) : null;
    }

    static Refusal RefusedToTalk(ClientSession session, ClientReply reply) =>
        new(reply.Status[0] == '2' ? "4.3.0" : "4" + reply.Status[1..], $"host {session.Peer} refused to talk to me: {reply.Text}");

    string? _connectFailure;

    async Task<Socket?> ConnectAsync(CancellationToken stop)
    {
        var socket = new Socket(host.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(settings.ConnectTimeout);
        try
        {
            await socket.ConnectAsync(host.Address, host.Port, late.Token);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            socket.Dispose();
            _connectFailure = $"connect to {host}: {(failure is SocketException s ? Reason(s.SocketErrorCode) : "Connection timed out")}";
            return null;
        }
    }

    static string Reason(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "Connection refused",
        SocketError.TimedOut => "Connection timed out",
        SocketError.NetworkUnreachable => "Network is unreachable",
        SocketError.HostUnreachable => "No route to host",
        _ => error.ToString(),
    };
}
