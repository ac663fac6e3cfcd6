namespace MailServers.Pop3.Commands;

/// <summary>DELE (RFC 1939 §5): marks; QUIT removes.</summary>
static class DeleCommand
{
    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        if (session.Number(argument) is { } number)
        {
            session.Maildrop.Delete(number);
            session.Reply("+OK Marked to be deleted.");
        }
        return new((string?)null);
    }
}
