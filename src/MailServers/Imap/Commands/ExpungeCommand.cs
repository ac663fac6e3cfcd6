using MailServers.Imap.Wire;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.4.3 EXPUNGE; RFC 4315 §2.1 UID EXPUNGE, which leaves other UIDs alone.</summary>
static class ExpungeCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var (arguments, selected) = (request.Arguments, session.Selected!);
        var set = SequenceSet.Empty;
        if (request.ByUid)
        {
            arguments.ExpectSpace();
            set = arguments.ExpectSequenceSet();
        }
        arguments.ExpectEnd();
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        if (selected.View.IsReadOnly)
            return new(ImapReply.No("Mailbox is read-only.", "READ-ONLY"));
        // The session tells the EXPUNGE responses when it brings the view up to date.
        var only = request.ByUid ? MessageSet.Uids(selected.Messages, MessageSet.Resolve(selected.Messages, set, byUid: true)!).ToHashSet() : null;
        session.Counters.Expunged += selected.Expunge(only);
        return new(ImapReply.Ok("Expunge completed."));
    }
}
