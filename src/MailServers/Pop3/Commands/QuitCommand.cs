namespace MailServers.Pop3.Commands;

/// <summary>QUIT (RFC 1939 §6): the UPDATE state. Only here messages are removed.</summary>
static class QuitCommand
{
    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        try
        {
            session.Counters.Deleted = session.Maildrop.Update();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // RFC 1939 §6: a client that hears -ERR knows that messages are still there.
            session.Reply("-ERR [SYS/TEMP] Some deleted messages were not removed.");
            throw;
        }
        session.Reply(session.Counters.Deleted > 0 ? "+OK Logging out, messages deleted." : "+OK Logging out.");
        return new("Logged out");
    }
}
