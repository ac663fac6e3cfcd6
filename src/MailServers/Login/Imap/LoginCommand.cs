using System.Security.Cryptography;

namespace MailServers.Login.Imap;

/// <summary>LOGIN (RFC 3501 §6.2.3): becomes SASL PLAIN, so that there is one way in.</summary>
static class LoginCommand
{
    public static async ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        if (command.Arguments is not [{ IsString: true } user, { IsString: true } password])
            return BadCommand.Answer(client, command.Tag, "LOGIN takes a user name and a password.");
        var response = PlainResponse.Encode(user.Bytes, password.Bytes);
        CryptographicOperations.ZeroMemory(password.Bytes);
        if (response is null)
            return BadCommand.Answer(client, command.Tag, "NUL in user name or password.");
        try
        {
            return await LoginAttempt.RunAsync(client, command.Tag, user.Text(), "PLAIN", response);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(response);
        }
    }
}
