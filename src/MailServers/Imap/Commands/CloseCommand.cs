namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.4.2: removes what is \Deleted without a word and leaves the mailbox.</summary>
static class CloseCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        request.Arguments.ExpectEnd();
        if (request.Arguments.Error is { } error)
            return new(ImapReply.Bad(error));
        if (!session.Selected!.View.IsReadOnly)
            session.Counters.Expunged += session.Selected.Expunge(null);
        session.Select(null);
        return new(ImapReply.Ok("Close completed."));
    }
}
