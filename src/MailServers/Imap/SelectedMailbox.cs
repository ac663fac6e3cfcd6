using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap;

/// <summary>A session's view of its mailbox and what the client has been told about it.</summary>
sealed class SelectedMailbox(IMailboxView view)
{
    static readonly HashSet<string> _none = [];

    readonly HashSet<string> _keywords = new(StringComparer.OrdinalIgnoreCase);

    static MessageFlags Settable => MessageFlags.Answered | MessageFlags.Flagged | MessageFlags.Deleted | MessageFlags.Seen | MessageFlags.Draft;

    public IMailboxView View => view;

    public IReadOnlyList<MessageInfo> Messages => view.Messages;

    /// <summary>RFC 3501 §7.2.6, §7.1 PERMANENTFLAGS: which flags there are and which can be changed for good.</summary>
    public void TellFlags(ImapWriter writer)
    {
        writer.Begin("* FLAGS ").Flags(Settable, _keywords).End();
        writer.Begin("* OK [PERMANENTFLAGS ");
        if (view.IsReadOnly)
            writer.Flags(MessageFlags.None, _none).Text("] Read-only mailbox.").End();
        else
            writer.Flags(Settable, new HashSet<string>([.. _keywords, "\\*"])).Text("] Flags permitted.").End();
    }

    /// <summary>Notes keywords the client has not heard of; true when there was one.</summary>
    public bool Learn(IReadOnlySet<string> keywords)
    {
        if (keywords.Count == 0)
            return false;
        var before = _keywords.Count;
        _keywords.UnionWith(keywords);
        return _keywords.Count > before;
    }

    /// <summary>Tells one message's flags. A keyword's first appearance is preceded by a new FLAGS response.</summary>
    public void TellFlagsOf(ImapWriter writer, int position, bool withUid)
    {
        var message = Messages[position];
        if (Learn(message.Keywords))
            TellFlags(writer);
        writer.Begin("* ").Number(position + 1).Text(" FETCH (");
        if (withUid)
            writer.Text("UID ").Number(message.Uid).Text(" ");
        writer.Text("FLAGS ").Flags(message.Flags, message.Keywords).Text(")").End();
    }

    /// <summary>Removes the \Deleted messages of those UIDs, or all, and returns how many. The client hears of it by TellChanges.</summary>
    public int Expunge(HashSet<uint>? uids)
    {
        var count = 0;
        foreach (var message in Messages)
            if ((message.Flags & MessageFlags.Deleted) != 0 && (uids is null || uids.Contains(message.Uid)))
                count++;
        if (count > 0)
            view.Expunge(uids);
        return count;
    }

    public async ValueTask TellChangesAsync(ImapWriter writer, bool allowExpunge, bool withUid)
    {
        var changes = view.Sync(allowExpunge);
        foreach (var number in changes.Expunged)
        {
            writer.Begin("* ").Number(number).Text(" EXPUNGE").End();
            await writer.FlushIfFullAsync();
        }
        if (changes.Exists is { } exists)
            writer.Begin("* ").Number(exists).Text(" EXISTS").End();
        if (changes.Recent is { } recent)
            writer.Begin("* ").Number(recent).Text(" RECENT").End();
        foreach (var number in changes.FlagsChanged)
        {
            TellFlagsOf(writer, number - 1, withUid);
            await writer.FlushIfFullAsync();
        }
    }
}
