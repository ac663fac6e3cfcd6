namespace MailServers.Login.Pop3;

/// <summary>QUIT (RFC 1939 §4).</summary>
static class QuitCommand
{
    public static ValueTask<LoginEnd?> RunAsync(Pop3LoginSession session, byte[] argument)
    {
        session.Reply("+OK Logging out.");
        return new(LoginEnd.LoggedOut);
    }
}
