namespace MailServers.Imap.Commands;

/// <summary>RFC 5161: names that the server does not know, or cannot enable, are ignored. There is nothing to enable yet.</summary>
static class EnableCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var arguments = request.Arguments;
        do
        {
            arguments.ExpectSpace();
            arguments.ExpectAtom();
        }
        while (!arguments.Failed && !arguments.AtEnd);
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        session.Writer.Line("* ENABLED");
        return new(ImapReply.Ok("Enabled."));
    }
}
