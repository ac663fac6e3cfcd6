using System.Security.Cryptography;

namespace MailServers.Login.Imap;

/// <summary>LOGIN (RFC 3501 §6.2.3): becomes SASL PLAIN, so that there is one way in.</summary>
static class LoginCommand
{
    public static async ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        if (command.Arguments is not [{ IsString: true } user, { IsString: true } password])
        {
            client.Connection.WriteLine($"{command.Tag} BAD LOGIN takes a user name and a password.");
            return null;
        }
        var response = PlainResponse.Encode(user.Bytes, password.Bytes);
        CryptographicOperations.ZeroMemory(password.Bytes);
        if (response is null)
        {
            client.Connection.WriteLine($"{command.Tag} BAD NUL in user name or password.");
            return null;
        }
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
