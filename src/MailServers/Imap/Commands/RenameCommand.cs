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
        return new(arguments.Failed ? ImapReply.Bad(arguments.Error!) : ImapReply.Of(session.Store.Rename(from, to), "Rename completed."));
    }
}
