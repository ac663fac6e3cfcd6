namespace MailServers.Login.Imap;

/// <summary>AUTHENTICATE (RFC 3501 §6.2.2), with an initial response (RFC 4959).</summary>
static class AuthenticateCommand
{
    public static async ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        switch (command.Arguments)
        {
            case [{ Kind: ImapTokenKind.Atom } mechanism]:
                return await LoginAttempt.RunAsync(client, command.Tag, "", mechanism.Text(), null);
            // RFC 4959 §3: "=" stands for a response of zero length; LoginAttempt takes it so.
            case [{ Kind: ImapTokenKind.Atom } mechanism, { Kind: ImapTokenKind.Atom } response]:
                if (response.Bytes.Length > LoginAttempt.LongestResponse)
                {
                    client.Connection.WriteLine($"{command.Tag} BAD Authentication data too long.");
                    return null;
                }
                return await LoginAttempt.RunAsync(client, command.Tag, "", mechanism.Text(), response.Bytes);
            default:
                client.Connection.WriteLine($"{command.Tag} BAD AUTHENTICATE takes a mechanism and perhaps an initial response.");
                return null;
        }
    }
}
