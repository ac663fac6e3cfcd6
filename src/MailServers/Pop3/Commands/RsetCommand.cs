namespace MailServers.Pop3.Commands;

/// <summary>RSET (RFC 1939 §5): nothing is marked as deleted any more.</summary>
static class RsetCommand
{
    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        session.Maildrop.Reset();
        session.Reply("+OK");
        return new((string?)null);
    }
}
