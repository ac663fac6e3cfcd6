// MailKitBridge HOST PORT NAME PASSWORD: logs in to an IMAP server under TLS by the best mechanism, -PLUS where the server has it.
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit.Net.Imap;
using MailKit.Security;
using Sasl.Mechanisms;

if (args is not [var host, var port, var name, var password])
{
    Console.Error.WriteLine("usage: MailKitBridge HOST PORT NAME PASSWORD");
    return 64;
}
using var imap = new ImapClient();
byte[]? endPoint = null;
imap.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
{
    // MailKit keeps the connection to itself; the server's certificate is all that tls-server-end-point needs.
    endPoint = certificate is null ? null : ChannelBindings.HashOfCertificate(certificate);
    return errors == System.Net.Security.SslPolicyErrors.None || host is "localhost" or "127.0.0.1";
};
await imap.ConnectAsync(host, int.Parse(port), SecureSocketOptions.Auto);
var channel = new SaslChannel
{
    Service = "imap", HostName = host, IsEncrypted = imap.IsSecure,
    Bindings = imap.IsSecure && endPoint is not null ? new ChannelBindings((ChannelBindings.EndPoint, endPoint)) : null,
};
var client = new SaslClient(new(name, "", Encoding.UTF8.GetBytes(password)), channel);
while (client.Next(imap.AuthenticationMechanisms) is var (session, reason))
{
    if (session is null)
    {
        Console.Error.WriteLine(reason);
        return 1;
    }
    using (session)
    {
        var bridge = new SaslBridge(session);
        try
        {
            await imap.AuthenticateAsync(bridge);
        }
        catch (AuthenticationException refusal)
        {
            Console.Error.WriteLine($"{bridge.MechanismName}: {refusal.Message}");
            continue;
        }
        if (!await bridge.IsServerTrustedAsync())
        {
            Console.Error.WriteLine($"{bridge.MechanismName}: the server said yes without a proof");
            return 1;
        }
        Console.WriteLine($"in by {bridge.MechanismName}");
        break;
    }
}
await imap.DisconnectAsync(true);
return 0;
