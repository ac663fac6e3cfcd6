namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.4.</summary>
static class DeleteCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        var mailbox = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectEnd();
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        if (mailbox == "INBOX")
            return new(ImapReply.No("INBOX can't be deleted.", "CANNOT"));
        var result = session.Store.Delete(mailbox);
        // Its own selected mailbox is gone: numbers mean nothing any more, and the client hears so (RFC 7162 §3.2.11 CLOSED).
        if (result.IsOk && session.Selected?.View.Folder == mailbox)
        {
            session.Select(null);
            session.Writer.Line("* OK [CLOSED] Selected mailbox was deleted.");
        }
        return new(ImapReply.Of(result, "Delete completed."));
    }
}
