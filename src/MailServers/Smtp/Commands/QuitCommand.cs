namespace MailServers.Smtp.Commands;

/// <summary>QUIT (RFC 5321 §4.1.1.10).</summary>
static class QuitCommand
{
    public static ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop) => new(Reply.Ok("221 2.0.0 Bye"));
}
