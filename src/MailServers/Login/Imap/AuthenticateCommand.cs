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
                    return BadCommand.Answer(client, command.Tag, "Authentication data too long.");
                return await LoginAttempt.RunAsync(client, command.Tag, "", mechanism.Text(), response.Bytes);
            default:
                return BadCommand.Answer(client, command.Tag, "AUTHENTICATE takes a mechanism and perhaps an initial response.");
        }
    }
}
