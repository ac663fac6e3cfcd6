namespace MailServers.Pop3.Commands;

/// <summary>UIDL (RFC 1939 §7): ids that stay the same over all sessions.</summary>
static class UidlCommand
{
    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        var maildrop = session.Maildrop;
        if (argument.Length > 0)
        {
            if (session.Number(argument) is { } one)
                session.Reply($"+OK {one} {Id(session, one)}");
            return new((string?)null);
        }
        session.Reply("+OK");
        foreach (var number in maildrop.Numbers)
            session.Reply($"{number} {Id(session, number)}");
        session.Reply(".");
        return new((string?)null);
    }

    static string Id(Pop3Session session, int number) =>
        session.Settings.Uidl.Of(session.Maildrop[number].Uid, session.Maildrop.UidValidity);
}
