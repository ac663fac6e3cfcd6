using System.Globalization;

namespace MailServers.Pop3.Commands;

/// <summary>TOP (RFC 1939 §7): the header, the empty line and the first lines of the body.</summary>
static class TopCommand
{
    public static async ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        if (argument.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var which, var count]
            || !uint.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var lines))
        {
            session.Reply("-ERR TOP takes a message number and a number of lines.");
            return null;
        }
        if (session.Number(which) is not { } number)
            return null;
        await using var text = session.Maildrop.Open(number);
        if (text is null)
        {
            session.Reply($"-ERR Message {number} is gone.");
            return null;
        }
        session.Reply("+OK");
        if (await MessageTransfer.SendAsync(session, text, lines) is not { } sent)
            return "Connection closed";
        session.Counters.Tops++;
        session.Counters.TopBytes += sent;
        return null;
    }
}
