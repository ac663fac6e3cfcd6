using MailStore;

namespace MailServers.Imap.Commands;

/// <summary>RFC 6851: copies and then removes; COPYUID comes untagged before the EXPUNGE responses (§4.3).</summary>
static class MoveCommand
{
    static readonly HashSet<string> _none = [];

    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var (uids, mailbox, refusal) = CopyCommand.Expect(session, request);
        if (refusal is { } reply)
            return reply;
        var view = session.Selected!.View;
        if (view.IsReadOnly)
            return ImapReply.No("Mailbox is read-only.", "READ-ONLY");
        if (uids.Count == 0)
            return ImapReply.Ok("No messages found.");
        if (await view.CopyAsync(uids, mailbox, CancellationToken.None) is not { } result)
            return ImapReply.TryCreate(session.Store, mailbox);
        if (CopyCommand.CopyUid(result) is { } code)
            session.Writer.Line($"* OK [{code}] Moved UIDs.");
        // Only what was copied goes: a message that vanished meanwhile has no copy and no original.
        view.Store(result.From, FlagChange.Add, MessageFlags.Deleted, _none);
        session.Counters.Expunged += session.Selected.Expunge([.. result.From]);
        return ImapReply.Ok("Move completed.");
    }
}
