namespace MailServers.Pop3.Commands;

/// <summary>STAT (RFC 1939 §5): the drop listing; messages marked as deleted do not count.</summary>
static class StatCommand
{
    public static ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        var (count, size) = (0, 0L);
        foreach (var number in session.Maildrop.Numbers)
            (count, size) = (count + 1, size + session.Maildrop[number].Size);
        session.Reply($"+OK {count} {size}");
        return new((string?)null);
    }
}
