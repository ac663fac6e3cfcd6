using Sasl.Hosting.Net;

namespace MailServers.Smtp.Commands;

/// <summary>
/// DATA (RFC 5321 §4.1.1.4). The queue is asked before the client is told to go on; then the text streams through, and only the queue's
/// own 250 becomes ours.
/// </summary>
static class DataCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (Refusal(session, "DATA") is { } refusal)
            return Reply.Error(refusal);
        if (line.HasArguments)
            return Reply.Error("501 5.5.4 Syntax: DATA");
        var mail = session.Mail!;
        if (await session.Server.Access.CheckDataAsync(session, "DATA", mail, stop) is { } refused)
            return Reply.Error(refused);
        var (opened, problem) = await IncomingMail.OpenAsync(session, mail);
        if (opened is not { } incoming)
            return Reply.Error(problem!);
        await using var text = incoming;
        if (!await session.SendAsync(Reply.Ok("354 End data with <CR><LF>.<CR><LF>")))
            return session.LostIn("DATA", LineStatus.Closed);
        var limit = session.Settings.MessageSizeLimit is > 0 and var size ? size : long.MaxValue;
        // A drain of the server does not cut a mail short: no stop token from here on.
        var result = await session.Connection.Reader.ReadDotBlockAsync(incoming.WriteAsync, limit, CancellationToken.None);
        var reply = result.Status switch
        {
            LineStatus.Closed or LineStatus.TimedOut => session.LostIn($"DATA ({result.Size} bytes)", result.Status),
            LineStatus.TooLong => Reply.Error("552 5.3.4 Error: message file too big"),
            _ when result.SawBareLineFeed && session.RefusesBareNewline => session.BareNewline(),
            _ => await EndAsync(session, mail, incoming),
        };
        SmtpMetrics.Ended(reply);
        await session.ResetMailAsync();
        return reply;
    }

    /// <summary>What forbids a text now; the same for DATA and BDAT.</summary>
    public static string? Refusal(SmtpSession session, string command)
    {
        if (session.Chunks is not null && command == "DATA")
            return "503 5.5.1 Error: DATA after BDAT";
        if (session.Mail is { Recipients.Count: > 0 })
            return null;
        return session.Mail is not null ? "554 5.5.1 Error: no valid recipients" : "503 5.5.1 Error: need RCPT command";
    }

    public static async ValueTask<Reply> EndAsync(SmtpSession session, Transaction mail, IncomingMail incoming)
    {
        if (await session.Server.Access.CheckEndOfDataAsync(session, mail, CancellationToken.None) is { } refused)
            return Reply.Error(refused);
        return await incoming.CommitAsync();
    }
}
