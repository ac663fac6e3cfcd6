namespace MailServers.Login.Pop3;

/// <summary>APOP (RFC 1939 §7) needs the password in the clear on the server and MD5: refused, and the greeting does not announce it.</summary>
static class ApopCommand
{
    public static ValueTask<LoginEnd?> RunAsync(Pop3LoginSession session, byte[] argument)
    {
        session.Reply("-ERR APOP is not offered.");
        return new((LoginEnd?)null);
    }
}
