namespace MailServers.Login.Imap;

/// <summary>ID (RFC 2971 §3.1). What clients say of themselves is of no use here; the server's answer is its kind, without a version.</summary>
static class IdCommand
{
    public static ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        client.Connection.WriteLine("* ID (\"name\" \"Dovecot\")");
        client.Connection.WriteLine($"{command.Tag} OK ID completed.");
        return new((LoginEnd?)null);
    }
}
