namespace MailServers.Login.Imap;

/// <summary>ENABLE (RFC 5161 §3.1): valid only after the login; clients that ask too early are not punished, nothing is enabled.</summary>
static class EnableCommand
{
    public static ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        client.Connection.WriteLine("* ENABLED");
        client.Connection.WriteLine($"{command.Tag} OK ENABLE ignored before the login.");
        return new((LoginEnd?)null);
    }
}
