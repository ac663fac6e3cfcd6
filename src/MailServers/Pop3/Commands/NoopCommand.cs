namespace MailServers.Pop3.Commands;

/// <summary>NOOP (RFC 1939 §5).</summary>
static class NoopCommand
{
    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        session.Reply("+OK");
        return new((string?)null);
    }
}
