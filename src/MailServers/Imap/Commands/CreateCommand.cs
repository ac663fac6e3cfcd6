namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.3.</summary>
static class CreateCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        var mailbox = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectEnd();
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        // A separator at the end only says that inferiors will follow; the name is the one without it.
        if (mailbox.Length > 1 && mailbox[^1] == session.Store.Separator)
            mailbox = mailbox[..^1];
        return new(ImapReply.Of(session.Store.Create(mailbox), "Create completed."));
    }
}
