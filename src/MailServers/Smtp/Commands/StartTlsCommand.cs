using Sasl.Hosting.Net;

namespace MailServers.Smtp.Commands;

/// <summary>STARTTLS (RFC 3207). Input that came with the command was injected by somebody who cannot read TLS: the session ends.</summary>
static class StartTlsCommand
{
    public static bool IsOffered(SmtpSession session) =>
        session.Server.Tls is not null && session.Settings.TlsLevel != TlsLevel.None && !session.Connection.IsTls && session.Client.LocalUid is null;

    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (line.HasArguments)
            return Reply.Error("501 5.5.4 Syntax: STARTTLS");
        if (session.Connection.IsTls)
            return Reply.Error("554 5.5.1 Error: TLS already active");
        if (session.Settings.TlsLevel == TlsLevel.None || session.Client.LocalUid is not null || session.Settings.Discards("STARTTLS"))
            return Reply.Error("502 5.5.1 Error: command not implemented");
        if (session.Server.Tls is null)
            return Reply.Error("454 4.7.0 TLS not available due to local problem");
        if (session.IsTooOften(RateEvent.TlsSession, "New TLS session"))
            return Reply.Error($"454 4.7.0 Error: too many new TLS sessions from {session.Client.Address}");
        if (!await session.SendAsync(Reply.Ok("220 2.0.0 Ready to start TLS")))
            return session.LostIn("STARTTLS", LineStatus.Closed);
        // RFC 3207 §4: the client waits for the 220. Nothing may be in the reader now; what is on the socket is the handshake, or breaks it.
        if (session.Connection.Reader.HasBufferedInput || !await session.StartTlsAsync(stop))
            return Reply.Hangup;
        return Reply.None;
    }
}
