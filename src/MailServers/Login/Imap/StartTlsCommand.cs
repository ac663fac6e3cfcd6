namespace MailServers.Login.Imap;

/// <summary>STARTTLS (RFC 3501 §6.2.1).</summary>
static class StartTlsCommand
{
    public static async ValueTask<LoginEnd?> RunAsync(LoginClient client, ImapCommand command)
    {
        var connection = client.Connection;
        if (!client.MayStartTls)
        {
            connection.WriteLine($"{command.Tag} BAD {(connection.IsTls ? "TLS is already active." : "TLS support isn't enabled.")}");
            return null;
        }
        // RFC 3501 §6.2.1: no command before the handshake. What came in the clear must not be taken for something said under TLS: who sends on before our answer is refused.
        if (connection.Reader.HasBufferedInput)
        {
            connection.WriteLine($"{command.Tag} BAD Nothing may follow STARTTLS before the handshake.");
            return null;
        }
        connection.WriteLine($"{command.Tag} OK Begin TLS negotiation now.");
        return await client.StartTlsAsync() ? null : LoginEnd.TlsFailed;
    }
}
