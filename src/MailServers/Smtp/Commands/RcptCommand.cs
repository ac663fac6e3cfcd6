using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Commands;

/// <summary>RCPT (RFC 5321 §4.1.1.3): here is decided who may send to whom.</summary>
static class RcptCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (session.Mail is not { } mail)
            return Reply.Error("503 5.5.1 Error: need MAIL command");
        if (session.Chunks is not null)
            return Reply.Error("503 5.5.1 Error: RCPT after BDAT");
        if (Parse(session, line.Rest, out var refusal) is not { } recipient)
            return Reply.Error(refusal);
        if (mail.Recipients.Count >= session.Settings.RecipientLimit)
        {
            // RFC 5321 §4.5.3.1.10: the client sends the rest in another mail, so this is no error until it overdoes it.
            return new Reply(++mail.RefusedRecipients > session.Settings.RecipientOvershootLimit, "452 4.5.3 Error: too many recipients");
        }
        if (session.IsTooOften(RateEvent.Recipient, "Recipient address"))
            return Reply.Error($"450 4.7.1 Error: too many recipients from {session.Client.Address}");
        if (await CheckAsync(session, "RCPT", mail.TypedSender, recipient.Typed, stop) is { } refused)
            return Reply.Error(refused);
        mail.Recipients.Add(recipient);
        return Reply.Ok("250 2.1.5 Ok");
    }

    /// <summary>Null when the recipient is welcome; also what VRFY asks.</summary>
    public static async ValueTask<string?> CheckAsync(SmtpSession session, string where, MailAddress? sender, MailAddress recipient, CancellationToken stop)
    {
        // RFC 5321 §4.5.1: the postmaster without a domain can always be reached.
        if (recipient.Domain is null && recipient.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
            return null;
        if (await session.Server.Access.CheckRecipientAsync(session, where, sender, recipient, stop) is { } refused)
            return refused;
        if (!session.Settings.RejectUnlistedRecipient || session.Server.Recipients is not { } listed || session.Client.LocalUid is not null)
            return null;
        if (await listed.CheckAsync(session.Server.Resolver.Resolve(recipient), recipient, stop) is not { } unlisted)
            return null;
        session.LogReject(where, unlisted, sender, recipient);
        return unlisted;
    }

    static Recipient? Parse(SmtpSession session, string arguments, out string refusal)
    {
        refusal = "501 5.5.4 Syntax: RCPT TO:<address>";
        if (!arguments.StartsWith("TO:", StringComparison.OrdinalIgnoreCase) || arguments.AsSpan(3).Trim(" \t").IsEmpty)
            return null;
        var problem = PathParser.TryParse(arguments.AsSpan(3), out var recipient, out var rest, session.Settings.StrictEnvelopes);
        refusal = problem == PathProblem.NotAscii ? "553 5.6.7 Must declare SMTPUTF8 to send unicode address" : "501 5.1.3 Bad recipient address syntax";
        if (problem == PathProblem.NotAscii)
            return null;
        var resolved = session.Server.Resolver.Resolve(recipient).Address;
        // A name that begins with '-' could become an option of a delivery command.
        if (problem != PathProblem.None || recipient.IsNull || recipient.LocalPart.StartsWith('-') || resolved.ToString().Length > PathParser.LongestAddress)
        {
            SmtpLog.BadAddress(session.Log, session.Client, "RCPT", Reply.Printable(arguments[3..].Trim()));
            return null;
        }
        return RcptParameters.TryParse(rest, session.Settings, out refusal) is { } parameters ? new(recipient, resolved, parameters) : null;
    }
}
