namespace MailServers.Pop3.Commands;

/// <summary>LIST (RFC 1939 §5): sizes of the CRLF form, of one message or of all.</summary>
static class ListCommand
{
    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        var maildrop = session.Maildrop;
        if (argument.Length > 0)
        {
            if (session.Number(argument) is { } one)
                session.Reply($"+OK {one} {maildrop[one].Size}");
            return new((string?)null);
        }
        session.Reply($"+OK {maildrop.Numbers.Count()} messages:");
        foreach (var number in maildrop.Numbers)
            session.Reply($"{number} {maildrop[number].Size}");
        session.Reply(".");
        return new((string?)null);
    }
}
