// Invariants of an SMTP session:
//  * Every reply is made of printable ASCII, one line a line: nothing that a client said can split it.
//  * Nothing that came before TLS is used after it: no input, no HELO name, no mail, no login.
//  * "250 … queued" is said only after the queue has said it. Whatever fails before, the client keeps the mail.
//  * Every read has a maximum and a deadline; every client that talks out of turn, too much or nonsense is let go.
using MailServers.Smtp.Addresses;
using MailServers.Smtp.Commands;
using MailServers.Smtp.Restrictions;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace MailServers.Smtp;

/// <summary>One SMTP connection (RFC 5321 §3): greets, reads a command, finds it in the table, checks its turn, runs it, answers.</summary>
sealed partial class SmtpSession(SmtpServer server, Connection connection, ClientIdentity client)
{
    readonly SessionCounters _counters = new(CommandTable.Names);
    string? _accessDenied;
    int _errors, _junk;

    public SmtpServer Server => server;

    public SmtpSettings Settings => server.Settings;

    public Connection Connection => connection;

    public ClientIdentity Client => client;

    public ILogger Log => server.Log;

    /// <summary>The command that runs or has run last, as logs name it.</summary>
    public string CommandName { get; private set; } = "CONNECT";

    /// <summary>What HELO or EHLO said; null before.</summary>
    public string? HeloName { get; set; }

    /// <summary>EHLO was said: the client knows extensions, pipelining among them.</summary>
    public bool IsExtended { get; set; }

    public SaslLogin? Login { get; set; }

    public Transaction? Mail { get; set; }

    /// <summary>Set once BDAT has begun, until the text is complete or forgotten.</summary>
    public ChunkedText? Chunks { get; set; }

    /// <summary>RFC 3848: the word after "with" in Received.</summary>
    public string ProtocolName => !IsExtended ? "SMTP" : $"ESMTP{(connection.IsTls ? "S" : "")}{(Login is null ? "" : "A")}";

    /// <summary>Runs the dialogue to its end. Closes nothing: the caller owns the connection.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (client.LocalUid is null)
            SmtpLog.Connect(Log, client);
        var count = server.Clients.Enter(client.Address);
        try
        {
            var tooMany = server.Clients.IsTooMany(client, count);
            if (tooMany)
                SmtpLog.TooManyConnections(Log, count, client);
            if (tooMany || IsTooOften(RateEvent.Connection, "Connection"))
            {
                await SendAsync(Reply.Error($"421 4.7.0 {Settings.HostName} Error: too many connections from {client.Address}"));
                return;
            }
            await ServeAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await SendAsync(Reply.Ok($"421 4.3.2 {Settings.HostName} Service shutting down"));
        }
        finally
        {
            server.Clients.Leave(client.Address);
            await ResetMailAsync();
            await DrainAsync();
            if (client.LocalUid is null)
                SmtpLog.Disconnect(Log, client, _counters);
        }
    }

    async Task ServeAsync(CancellationToken stop)
    {
        connection.Reader.Timeout = connection.WriteTimeout = Settings.Timeout;
        // RFC 5321 §3.1: the server speaks first; with TLS from the start the client's hello does.
        var isWrapped = Settings.TlsWrapperMode && client.LocalUid is null;
        if (!isWrapped && IsOutOfTurn("CONNECT"))
        {
            await SendAsync(Reply.Error("554 5.5.0 Error: SMTP protocol synchronization"));
            return;
        }
        if (isWrapped && !await StartTlsAsync(stop))
            return;
        ApplyLineEnding();
        _accessDenied = await server.Access.CheckEarlyAsync(this, Subject.Client, null, stop);
        connection.WriteLine(Reply.Printable(_accessDenied ?? $"220 {Settings.Banner}"));
        while (await TurnAsync(stop))
        {
        }
    }

    /// <summary>One command and its reply. False ends the session.</summary>
    async ValueTask<bool> TurnAsync(CancellationToken stop)
    {
        if (_errors >= Settings.HardErrorLimit)
        {
            SmtpLog.Ended(Log, "too many errors", CommandName, client);
            await SendAsync(Reply.Error($"421 4.7.0 {Settings.HostName} Error: too many errors"));
            return false;
        }
        // RFC 2920 §3.2: replies to pipelined commands may go out together.
        if (!connection.Reader.HasBufferedInput && !await connection.FlushAsync(stop))
            return Lost();
        var line = await connection.Reader.ReadLineAsync(Settings.LineLengthLimit, stop);
        switch (line.Status)
        {
            case LineStatus.Closed:
                return Lost();
            case LineStatus.TimedOut:
                SmtpLog.Ended(Log, "timeout", CommandName, client);
                await SendAsync(Reply.Ok($"421 4.4.2 {Settings.HostName} Error: timeout exceeded"));
                return false;
            case LineStatus.TooLong:
                // What it was is not told: it may have been a password.
                SmtpLog.TooLong(Log, client, Settings.LineLengthLimit);
                return await AnswerAsync(Reply.Ok($"500 5.5.2 {Settings.HostName} Error: command too long"));
            case LineStatus.BareLineFeed:
                return await SendAsync(BareNewline()) && false;
            case LineStatus.Nul:
                return await AnswerAsync(Reply.Error("500 5.5.2 Error: bad syntax"));
            default:
                return await ExecuteAsync(line, stop);
        }
    }

    async ValueTask<bool> ExecuteAsync(Line line, CancellationToken stop)
    {
        if (CommandLine.TryParse(line.Bytes, out var problem) is not { } input)
            return await AnswerAsync(Reply.Error(problem!));
        var denied = _accessDenied is null ? null : Reply.Error($"503 5.7.0 Error: access denied for {client}");
        if (CommandTable.Find(input.Verb) is not { } command)
        {
            CommandName = "UNKNOWN";
            _counters.Count(-1, false);
            return await (denied is null ? UnknownAsync(input) : AnswerAsync(denied));
        }
        CommandName = command.Name;
        Reply reply;
        if (IsOutOfTurn(command))
        {
            _counters.Count(command.Place, false);
            await SendAsync(Reply.Error("554 5.5.0 Error: SMTP protocol synchronization"));
            return false;
        }
        if (denied is not null && command.Name != "QUIT")
            reply = denied;
        else if (Settings.TlsLevel == TlsLevel.Encrypt && !connection.IsTls && client.LocalUid is null && !command.BeforeTls)
            reply = Reply.Error("530 5.7.0 Must issue a STARTTLS command first");
        else
            reply = await command.RunAsync(this, input, stop);
        if (command.IsJunk && _junk++ > Settings.JunkCommandLimit)
            _errors++;
        _counters.Count(command.Place, !reply.IsError);
        return await AnswerAsync(reply);
    }

    ValueTask<bool> UnknownAsync(CommandLine input)
    {
        if (Settings.NoopCommands.Contains(input.Verb, StringComparer.OrdinalIgnoreCase))
            return AnswerAsync(Reply.Ok("250 2.0.0 Ok"));
        // A browser's or a proxy's request, perhaps with SMTP hidden in its body: no further word is read.
        if (input.LooksLikeHeader || !char.IsAsciiLetter(input.Text[0]) || Settings.ForbiddenCommands.Contains(input.Verb, StringComparer.OrdinalIgnoreCase))
        {
            SmtpLog.NonSmtp(Log, client, EscapedText.Of(input.Bytes));
            return AnswerAsync(Reply.Error("221 2.7.0 Error: I can break rules, too. Goodbye."));
        }
        return AnswerAsync(Reply.Error("500 5.5.2 Error: command not recognized"));
    }

    /// <summary>Writes a reply, slower to those who make many errors. False ends the session.</summary>
    async ValueTask<bool> AnswerAsync(Reply reply)
    {
        if (reply.IsError)
            _errors++;
        if (_errors >= Settings.SoftErrorLimit && Settings.ErrorSleepTime > TimeSpan.Zero)
            await Task.Delay(Settings.ErrorSleepTime, server.Time);
        Write(reply);
        return !reply.Closes || (await connection.FlushAsync() && false);
    }
}
