namespace MailServers.Smtp.Commands;

/// <summary>RSET (RFC 5321 §4.1.1.5).</summary>
static class RsetCommand
{
    public static async ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop)
    {
        if (line.HasArguments)
            return Reply.Error("501 5.5.4 Syntax: RSET");
        await session.ResetMailAsync();
        return Reply.Ok("250 2.0.0 Ok");
    }
}
