using System.Text;

namespace MailServers.Login.Imap;

/// <summary>CAPABILITY (RFC 3501 §6.1.1): what this client may do now.</summary>
static class CapabilityCommand
{
    // IDLE belongs to the time after the login; old clients look for it here.
    const string Always = "IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+";

    public static async ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        client.Connection.WriteLine($"* CAPABILITY {await ListAsync(client)}");
        client.Connection.WriteLine($"{command.Tag} OK Pre-login capabilities listed.");
        return null;
    }

    public static async ValueTask<string> ListAsync(LoginClient client)
    {
        var list = new StringBuilder(Always);
        if (client.MayStartTls)
            list.Append(" STARTTLS");
        // RFC 3501 §6.2.3: a server that refuses LOGIN on this line says so.
        if (!client.Policy.CleartextAllowed)
            list.Append(" LOGINDISABLED");
        foreach (var mechanism in await LoginMechanisms.OfferAsync(client))
            list.Append(" AUTH=").Append(mechanism);
        return list.ToString();
    }
}
