using MailServers.Smtp.Addresses;
using MailServers.Smtp.Restrictions;

namespace MailServers.Smtp.Commands;

/// <summary>MAIL (RFC 5321 §4.1.1.2) and its parameters.</summary>
static class MailCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (session.Settings.HeloRequired && session.HeloName is null)
            return Reply.Error("503 5.5.1 Error: send HELO/EHLO first");
        if (session.Mail is not null)
            return Reply.Error("503 5.5.1 Error: nested MAIL command");
        if (session.Chunks is not null)
            return Reply.Error("503 5.5.1 Error: MAIL after BDAT");
        if (Parse(session, line.Rest, out var refusal) is not { } mail)
            return Reply.Error(refusal);
        if (session.Settings.MessageSizeLimit > 0 && mail.Parameters.Size > session.Settings.MessageSizeLimit)
        {
            session.LogReject("MAIL", "552 5.3.4 Message size exceeds fixed limit", mail.TypedSender, null);
            return Reply.Error("552 5.3.4 Message size exceeds fixed limit");
        }
        if (await session.Server.Access.CheckEarlyAsync(session, Subject.Sender, mail.TypedSender, stop) is { } refused)
            return Reply.Error(refused);
        if (session.IsTooOften(RateEvent.Message, "Message delivery request"))
            return Reply.Error($"450 4.7.1 Error: too much mail from {session.Client.Address}");
        session.Mail = mail;
        return Reply.Ok("250 2.1.0 Ok");
    }

    static Transaction? Parse(SmtpSession session, string arguments, out string refusal)
    {
        refusal = "501 5.5.4 Syntax: MAIL FROM:<address>";
        if (!arguments.StartsWith("FROM:", StringComparison.OrdinalIgnoreCase) || arguments.AsSpan(5).Trim(" \t").IsEmpty)
            return null;
        switch (PathParser.TryParse(arguments.AsSpan(5), out var sender, out var rest, session.Settings.StrictEnvelopes))
        {
            case PathProblem.NotAscii:
                refusal = "553 5.6.7 Must declare SMTPUTF8 to send unicode address";
                return null;
            case PathProblem.Syntax:
                SmtpLog.BadAddress(session.Log, session.Client, "MAIL", Reply.Printable(arguments[5..].Trim()));
                refusal = "501 5.1.7 Bad sender address syntax";
                return null;
        }
        // With our origin behind it the address must still fit a path, or the queue would refuse what was accepted here.
        if (session.Server.Resolver.Complete(sender) is var complete && complete.ToString().Length > PathParser.LongestAddress)
        {
            refusal = "501 5.1.7 Bad sender address syntax";
            return null;
        }
        return MailParameters.TryParse(rest, session.Settings, out refusal) is { } parameters
            ? new(sender, complete, parameters) : null;
    }
}
