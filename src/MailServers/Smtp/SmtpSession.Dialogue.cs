using System.Security.Authentication;
using MailServers.Smtp.Addresses;
using MailServers.Smtp.Commands;
using MailServers.Smtp.Restrictions;
using Sasl.Hosting.Net;

namespace MailServers.Smtp;

/// <summary>What the commands need of the connection, and the session's words to the log.</summary>
sealed partial class SmtpSession
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>smtpd_forbid_bare_newline = reject: the reply, after which the session ends. It is in the log.</summary>
    public Reply BareNewline()
    {
        LogReject(CommandName, "bare <LF> received", null, null);
        return Reply.Final($"{RejectCodes.Status(Settings.Codes.BareNewline, "5.2")} {Settings.HostName} Error: bare <LF> received");
    }

    /// <summary>The mail before a command within it (354, 334): written and sent at once. False when the client is gone.</summary>
    public async ValueTask<bool> SendAsync(Reply reply)
    {
        Write(reply);
        return await connection.FlushAsync();
    }

    /// <summary>Forgets the mail under way; what the queue had of it is gone.</summary>
    public async ValueTask ResetMailAsync()
    {
        if (Chunks is { } chunks)
            await chunks.DisposeAsync();
        (Mail, Chunks) = (null, null);
    }

    /// <summary>The client is gone in the middle of a command.</summary>
    public Reply LostIn(string command, LineStatus status)
    {
        SmtpLog.Ended(Log, status == LineStatus.TimedOut ? "timeout" : "lost connection", command, client);
        return status == LineStatus.TimedOut ? Reply.Error($"421 4.4.2 {Settings.HostName} Error: timeout exceeded") : Reply.Hangup;
    }

    /// <summary>The queue has the mail: the client has proven to be one that sends mail.</summary>
    public void MailQueued(string id)
    {
        (_errors, _junk) = (0, 0);
        if (client.LocalUid is { } uid)
            SmtpLog.PickedUp(Log, id, uid, Mail!.TypedSender.Unquoted);
        else
        {
            var login = Login is null ? "" : $", sasl_method={Login.Method}, sasl_username={Login.User}";
            SmtpLog.Queued(Log, id, client, Mail?.Parameters.SaslSender is { } sender ? $"{login}, sasl_sender={sender}" : login);
        }
    }

    public void LogReject(string where, string reply) => LogReject(where, reply, Mail?.TypedSender, Mail?.Recipients is [var only] ? only.Typed : null);

    public void LogReject(string where, string reply, MailAddress? sender, MailAddress? recipient, string what = "reject")
    {
        var details = $"{(sender is null ? "" : $"from=<{sender}> ")}{(recipient is null ? "" : $"to=<{recipient}> ")}proto={(IsExtended ? "ESMTP" : "SMTP")}";
        if (HeloName is not null)
            details += $" helo=<{HeloName}>";
        if (Login is not null)
            details += $" sasl_method={Login.Method} sasl_username={Login.User}";
        SmtpLog.Reject(Log, what, where, client, Reply.Printable(reply), details);
    }

    /// <summary>
    /// Switches to TLS (RFC 3207). Afterwards the session is as new: §4.2 demands that everything learnt before is forgotten.
    /// </summary>
    public async ValueTask<bool> StartTlsAsync(CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var alarm = server.Time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), deadline, Settings.StartTlsTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            await connection.StartTlsAsServerAsync(server.Tls!, deadline.Token);
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException or ObjectDisposedException or OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            SmtpLog.TlsFailed(Log, client, failure is OperationCanceledException ? "Connection timed out" : "-1");
            SmtpLog.Ended(Log, "lost connection", "STARTTLS", client);
            return false;
        }
        if (Settings.TlsLogLevel > 0)
            SmtpLog.TlsEstablished(Log, client, TlsNames.Protocol(connection.Tls!), TlsNames.Cipher(connection.Tls!));
        (HeloName, IsExtended, Login) = (null, false, null);
        await ResetMailAsync();
        return true;
    }

    /// <summary>RFC 2920 §3.1: some commands end a group, and a client that does not know extensions has no groups.</summary>
    bool IsOutOfTurn(SmtpCommand command) => (command.EndsGroup || !IsExtended) && IsOutOfTurn(command.Name);

    bool IsOutOfTurn(string command)
    {
        if (!Settings.ForbidUnauthPipelining && command != "STARTTLS")
            return false;
        if (!HasEarlyInput)
            return false;
        SmtpLog.Pipelining(Log, command, client, EscapedText.Of(connection.Reader.TakeBufferedInput()));
        return true;
    }

    /// <summary>The client has sent more already. Under TLS bytes on the socket may be a record without a word for us; only what is decrypted counts.</summary>
    public bool HasEarlyInput => connection.Reader.HasBufferedInput || (!connection.IsTls && connection.Socket.Available > 0);

    void ApplyLineEnding() => connection.Reader.Ending = RefusesBareNewline ? LineEnding.Strict : LineEnding.Lenient;

    /// <summary>smtpd_forbid_bare_newline = reject; smtpd_forbid_bare_newline_exclusions are spared.</summary>
    public bool RefusesBareNewline => Settings.RejectBareNewline && client.LocalUid is null && !Settings.BareNewlineExclusions.Contains(client.Address, client.Name);

    void Write(Reply reply)
    {
        foreach (var line in reply.Lines)
            connection.WriteLine(Reply.Printable(line));
    }

    /// <summary>Counts against smtpd_client_*_rate_limit. True, with a line in the log, when it is too much.</summary>
    public bool IsTooOften(RateEvent what, string name)
    {
        if (server.Rates.Exceeded(client, what) is not { } rate)
            return false;
        SmtpLog.RateExceeded(Log, name, rate, client);
        return true;
    }

    bool Lost()
    {
        SmtpLog.Ended(Log, "lost connection", CommandName, client);
        return false;
    }

    /// <summary>
    /// Says that nothing more comes and reads a little of what the client still sends: closing on unread input would reset the connection
    /// and take our last reply away from the client.
    /// </summary>
    async ValueTask DrainAsync()
    {
        try
        {
            if (!await connection.FlushAsync())
                return;
            if (connection.Tls is { } tls)
                await tls.ShutdownAsync();
            connection.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            connection.Reader.Timeout = _patience;
            for (var i = 0; i < 16 && await connection.Reader.WaitForInputAsync(); i++)
                connection.Reader.TakeBufferedInput();
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went first.
        }
    }
}
