using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Commands;

/// <summary>VRFY (RFC 5321 §3.5.3): says 252 after the checks of RCPT, so that it tells nothing that RCPT would not.</summary>
static class VrfyCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (session.Settings.DisableVrfy)
            return Reply.Error("502 5.5.1 VRFY command is disabled");
        if (!line.HasArguments)
            return Reply.Error("501 5.5.4 Syntax: VRFY address");
        if (PathParser.TryParse(line.Rest, out var address, out var rest) != PathProblem.None || address.IsNull || !rest.Trim(" \t").IsEmpty)
        {
            SmtpLog.BadAddress(session.Log, session.Client, "VRFY", Reply.Printable(line.Rest));
            return Reply.Error("501 5.1.3 Bad recipient address syntax");
        }
        if (await RcptCommand.CheckAsync(session, "VRFY", session.Mail?.TypedSender, address, stop) is { } refused)
            return Reply.Error(refused);
        return Reply.Ok($"252 2.0.0 {line.Rest}");
    }
}
