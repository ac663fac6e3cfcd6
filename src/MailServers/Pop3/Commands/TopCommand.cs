using System.Globalization;

namespace MailServers.Pop3.Commands;

/// <summary>TOP (RFC 1939 §7): the header, the empty line and the first lines of the body.</summary>
static class TopCommand
{
    public static async ValueTask<string?> RunAsync(Pop3Session session, string argument)
    {
        if (argument.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var which, var count]
            || count.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
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
        // More lines than any number holds are all lines.
        var lines = long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var few) ? few : long.MaxValue;
        session.Reply("+OK");
        if (await MessageTransfer.SendAsync(session, text, lines) is not { } sent)
            return "Connection closed";
        session.Counters.Tops++;
        session.Counters.TopBytes += sent;
        return null;
    }
}
