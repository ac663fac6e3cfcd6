namespace MailServers.Pop3.Commands;

/// <summary>CAPA (RFC 2449 §5) after the login.</summary>
static class CapaCommand
{
    static readonly string[] _capabilities = ["CAPA", "TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE"];

    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        session.Reply("+OK");
        foreach (var capability in _capabilities)
            session.Reply(capability);
        session.Reply(".");
        return new((string?)null);
    }
}
