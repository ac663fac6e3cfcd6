using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.4.6.</summary>
static class StoreCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var (arguments, selected) = (request.Arguments, session.Selected!);
        arguments.ExpectSpace();
        var set = arguments.ExpectSequenceSet();
        arguments.ExpectSpace();
        var (change, silent) = ExpectItem(arguments);
        arguments.ExpectSpace();
        var flags = FlagList.Expect(arguments, bare: true);
        arguments.ExpectEnd();
        if (arguments.Failed)
            return ImapReply.Bad(arguments.Error!);
        if (MessageSet.Resolve(selected.Messages, set, request.ByUid) is not { } ranges)
            return ImapReply.Bad("Invalid messageset.");
        if (selected.View.IsReadOnly)
            return ImapReply.No("Mailbox is read-only.", "READ-ONLY");
        var uids = MessageSet.Uids(selected.Messages, ranges);
        selected.View.Store(uids, change, flags.Flags, flags.Keywords);
        if ((flags.Flags & MessageFlags.Deleted) != 0 && change != FlagChange.Remove)
            session.Counters.Deleted += uids.Count;
        if (selected.Learn(flags.Keywords))
            selected.TellFlags(session.Writer);
        if (!silent)
            foreach (var position in MessageSet.Positions(ranges))
            {
                selected.TellFlagsOf(session.Writer, position, request.ByUid);
                await session.Writer.FlushIfFullAsync();
            }
        return ImapReply.Ok("Store completed.");
    }

    static (FlagChange, bool Silent) ExpectItem(ImapDecoder arguments)
    {
        var change = arguments.TryByte('+') ? FlagChange.Add : arguments.TryByte('-') ? FlagChange.Remove : FlagChange.Replace;
        var silent = arguments.TryWord("FLAGS.SILENT");
        if (!silent && !arguments.TryWord("FLAGS"))
            arguments.Fail("Invalid STORE item.");
        return (change, silent);
    }
}
