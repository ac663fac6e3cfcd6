namespace MailServers.Smtp.Commands;

/// <summary>NOOP (RFC 5321 §4.1.1.9): arguments are ignored.</summary>
static class NoopCommand
{
    public static ValueTask<Reply> RunAsync(SmtpSession session, CommandLine line, CancellationToken stop) => new(Reply.Ok("250 2.0.0 Ok"));
}
