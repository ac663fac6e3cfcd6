namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.5.</summary>
static class RenameCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        var from = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectSpace();
        var to = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectEnd();
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        var result = session.Store.Rename(from, to);
        // A mailbox that keeps its messages under another name stays selected; one that could not is left (RFC 7162 §3.2.11 CLOSED).
        if (session.Selected is { View.IsGone: true })
        {
            session.Select(null);
            session.Writer.Line("* OK [CLOSED] Selected mailbox was renamed.");
        }
        return new(ImapReply.Of(result, "Rename completed."));
    }
}
