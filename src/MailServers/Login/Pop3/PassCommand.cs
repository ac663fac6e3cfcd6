using System.Security.Cryptography;
using System.Text;

namespace MailServers.Login.Pop3;

/// <summary>PASS (RFC 1939 §7): with the name of USER it becomes SASL PLAIN. The argument is the whole rest of the line.</summary>
static class PassCommand
{
    public static async ValueTask<LoginEnd?> RunAsync(Pop3LoginSession session, byte[] argument)
    {
        // A client that pipelines its password after a refused USER hears of the refusal again, and the attempt counts.
        if (session.User is not { } user && session.Client.Policy.CleartextAllowed)
        {
            CryptographicOperations.ZeroMemory(argument);
            session.Reply("-ERR No user name given.");
            return null;
        }
        user = session.User ?? [];
        session.User = null;
        var response = PlainResponse.Encode(user, argument)!;
        CryptographicOperations.ZeroMemory(argument);
        try
        {
            return await LoginAttempt.RunAsync(session.Client, "", Encoding.UTF8.GetString(user), "PLAIN", response);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(response);
        }
    }
}
