namespace MailServers.Smtp.Commands;

delegate ValueTask<Reply> CommandAction(SmtpSession session, CommandLine line, CancellationToken stop);

/// <summary>One line of the command table.</summary>
/// <param name="Place">The place in the table, for the counters.</param>
/// <param name="EndsGroup">RFC 2920 §3.1: the client must wait for the reply before it sends more.</param>
/// <param name="BeforeTls">Allowed before TLS where TLS is mandatory (RFC 3207 §4).</param>
/// <param name="IsJunk">Does no work; too many of these are errors (smtpd_junk_command_limit).</param>
sealed record SmtpCommand(string Name, int Place, CommandAction RunAsync, bool EndsGroup, bool BeforeTls, bool IsJunk);
