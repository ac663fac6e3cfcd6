namespace MailServers.Login.Pop3;

/// <summary>STLS (RFC 2595 §4).</summary>
static class StlsCommand
{
    public static async ValueTask<LoginEnd?> RunAsync(Pop3LoginSession session, byte[] argument)
    {
        var client = session.Client;
        if (!client.MayStartTls)
        {
            session.Reply(client.Connection.IsTls ? "-ERR TLS is already active." : "-ERR TLS support isn't enabled.");
            return null;
        }
        // RFC 2595 §4: no command before the handshake. What came in the clear must not be taken for something said under TLS: who sends on before our answer is refused.
        if (client.Connection.Reader.HasBufferedInput)
        {
            session.Reply("-ERR Nothing may follow STLS before the handshake.");
            return null;
        }
        session.User = null;
        session.Reply("+OK Begin TLS negotiation now.");
        return await client.StartTlsAsync() ? null : LoginEnd.TlsFailed;
    }
}
