using MailServers.Imap.Fetch;
using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.4.5. Messages go out one by one, flushed in blocks: the answer is never held whole.</summary>
static class FetchCommand
{
    /// <summary>Messages whose \Seen is set in one go.</summary>
    const int Batch = 64;

    static readonly HashSet<string> _none = [];

    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var (arguments, selected) = (request.Arguments, session.Selected!);
        arguments.ExpectSpace();
        var set = arguments.ExpectSequenceSet();
        arguments.ExpectSpace();
        var items = FetchParser.Expect(arguments);
        arguments.ExpectEnd();
        if (arguments.Failed)
            return ImapReply.Bad(arguments.Error!);
        if (MessageSet.Resolve(selected.Messages, set, request.ByUid) is not { } ranges)
            return ImapReply.Bad("Invalid messageset.");
        // RFC 3501 §6.4.8: the answer to a UID form always holds the UID.
        if (request.ByUid && items.All(i => i.Attribute != FetchAttribute.Uid))
            items.Insert(0, new(FetchAttribute.Uid));
        var marks = !selected.View.IsReadOnly && items.Any(i => i.Section is { Peek: false });
        var message = new FetchedMessage(session, items);
        var vanished = false;
        foreach (var batch in MessageSet.Positions(ranges).Chunk(Batch))
        {
            var marked = marks ? MarkSeen(selected, batch) : null;
            foreach (var position in batch)
                vanished |= !await message.WriteAsync(position, marked?.Contains(position) ?? false);
        }
        return vanished ? ImapReply.No("Some of the requested messages no longer exist.", "EXPUNGEISSUED") : ImapReply.Ok("Fetch completed.");
    }

    /// <summary>Returns the positions of those that were unseen; their answers hold the new flags.</summary>
    static HashSet<int>? MarkSeen(SelectedMailbox selected, int[] batch)
    {
        HashSet<int>? unseen = null;
        foreach (var position in batch)
            if ((selected.Messages[position].Flags & MessageFlags.Seen) == 0)
                (unseen ??= []).Add(position);
        if (unseen is not null)
            selected.View.Store(unseen.Select(p => selected.Messages[p].Uid), FlagChange.Add, MessageFlags.Seen, _none);
        return unseen;
    }
}
