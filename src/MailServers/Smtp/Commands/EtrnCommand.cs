using MailServers.Smtp.Restrictions;

namespace MailServers.Smtp.Commands;

/// <summary>ETRN (RFC 1985) is not offered: the queue keeps no per-site lists. Its syntax is answered as by Postfix without fast flush.</summary>
static class EtrnCommand
{
    public static ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (session.Settings.HeloRequired && session.HeloName is null)
            return new(Reply.Error("503 Error: send HELO/EHLO first"));
        if (session.Mail is not null)
            return new(Reply.Error("503 Error: MAIL transaction in progress"));
        if (line.Words is not [var domain])
            return new(Reply.Error("500 Syntax: ETRN domain"));
        if (!FullyQualified.IsHostName(domain) && !domain.StartsWith('['))
            return new(Reply.Error("501 Error: invalid parameter syntax"));
        return new(Reply.Error($"459 <{domain}>: service unavailable"));
    }
}
