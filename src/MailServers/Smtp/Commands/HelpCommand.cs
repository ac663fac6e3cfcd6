namespace MailServers.Smtp.Commands;

/// <summary>HELP (RFC 5321 §4.1.1.8).</summary>
static class HelpCommand
{
    public static ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop) =>
        new(Reply.Ok($"214 2.0.0 Commands: {string.Join(' ', CommandTable.Names)}"));
}
