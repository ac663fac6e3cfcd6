using MailServers.Imap.Search;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.4.4.</summary>
static class SearchCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var (arguments, selected) = (request.Arguments, session.Selected!);
        arguments.ExpectSpace();
        var parser = new SearchParser(arguments, selected.Messages);
        var key = parser.Expect();
        if (arguments.Failed)
            return ImapReply.Bad(arguments.Error!);
        if (parser.UnknownCharset is not null)
            return ImapReply.No("Unknown charset.", "BADCHARSET (US-ASCII UTF-8)");
        // Found first, written afterwards: a response that has begun could not be taken back when reading a message fails.
        var found = new List<uint>();
        for (var position = 0; position < selected.Messages.Count; position++)
        {
            var message = new SearchedMessage(selected.View, position);
            if (await key.MatchesAsync(message))
                found.Add(request.ByUid ? message.Info.Uid : (uint)position + 1);
        }
        session.Writer.Begin("* SEARCH");
        foreach (var number in found)
        {
            session.Writer.Text(" ").Number(number);
            await session.Writer.FlushIfFullAsync();
        }
        session.Writer.End();
        return ImapReply.Ok("Search completed.");
    }
}
