namespace MailServers.Login.Imap;

/// <summary>LOGOUT (RFC 3501 §6.1.3): BYE comes before the tagged OK.</summary>
static class LogoutCommand
{
    public static ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        client.Connection.WriteLine("* BYE Logging out");
        client.Connection.WriteLine($"{command.Tag} OK Logout completed.");
        return new(LoginEnd.LoggedOut);
    }
}
