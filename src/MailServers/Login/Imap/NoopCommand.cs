namespace MailServers.Login.Imap;

/// <summary>NOOP (RFC 3501 §6.1.2).</summary>
static class NoopCommand
{
    public static ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        client.Connection.WriteLine($"{command.Tag} OK NOOP completed.");
        return new((LoginEnd?)null);
    }
}
