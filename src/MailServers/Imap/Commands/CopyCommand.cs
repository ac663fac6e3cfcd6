using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.4.7, with COPYUID (RFC 4315 §3).</summary>
static class CopyCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var (uids, mailbox, refusal) = Expect(session, request);
        if (refusal is { } reply)
            return reply;
        if (uids.Count == 0)
            return ImapReply.Ok("No messages found.");
        return await session.Selected!.View.CopyAsync(uids, mailbox, CancellationToken.None) is { } result
            ? ImapReply.Ok("Copy completed.", CopyUid(result)) : ImapReply.TryCreate(session.Store, mailbox);
    }

    /// <summary>The arguments that COPY and MOVE share.</summary>
    public static (List<uint> Uids, string Mailbox, ImapReply? Refusal) Expect(ImapSession session, ImapRequest request)
    {
        var (arguments, messages) = (request.Arguments, session.Selected!.Messages);
        arguments.ExpectSpace();
        var set = arguments.ExpectSequenceSet();
        arguments.ExpectSpace();
        var mailbox = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectEnd();
        if (!arguments.Failed && MessageSet.Resolve(messages, set, request.ByUid) is { } ranges)
            return (MessageSet.Uids(messages, ranges), mailbox, null);
        return ([], mailbox, ImapReply.Bad(arguments.Error ?? "Invalid messageset."));
    }

    public static string? CopyUid(CopyResult result) => result.From.Count == 0 ? null
        : $"COPYUID {result.UidValidity} {UidSet.Format(result.From)} {UidSet.Format(result.To)}";
}
