namespace MailServers.Pop3.Commands;

/// <summary>RETR (RFC 1939 §5).</summary>
static class RetrCommand
{
    public static async ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        if (session.Number(argument) is not { } number)
            return null;
        await using var text = session.Maildrop.Open(number);
        if (text is null)
        {
            session.Reply($"-ERR Message {number} is gone.");
            return null;
        }
        session.Reply($"+OK {session.Maildrop[number].Size} octets");
        if (await MessageTransfer.SendAsync(session, text, bodyLines: null) is not { } sent)
            return "Connection closed";
        session.Maildrop.Retrieved(number);
        session.Counters.Retrievals++;
        session.Counters.RetrievedBytes += sent;
        return null;
    }
}
