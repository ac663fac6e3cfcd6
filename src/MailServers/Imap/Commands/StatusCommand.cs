using MailStore;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.10, with SIZE (RFC 8438) and APPENDLIMIT (RFC 7889 §3.2).</summary>
static class StatusCommand
{
    static readonly (string Name, Func<FolderStatus, ImapSettings, long> Value)[] _items =
    [
        ("MESSAGES", (s, _) => s.Messages),
        ("RECENT", (s, _) => s.Recent),
        ("UIDNEXT", (s, _) => s.UidNext),
        ("UIDVALIDITY", (s, _) => s.UidValidity),
        ("UNSEEN", (s, _) => s.Unseen),
        ("SIZE", (s, _) => s.Size),
        ("APPENDLIMIT", (_, settings) => settings.LargestMessage),
    ];

    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        var mailbox = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectSpace();
        var asked = new bool[_items.Length];
        arguments.ExpectList(() =>
        {
            var name = arguments.ExpectAtom();
            var index = Array.FindIndex(_items, i => i.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
                arguments.Fail($"Invalid status item {name}.");
            else
                asked[index] = true;
        });
        arguments.ExpectEnd();
        if (!asked.Contains(true))
            arguments.Fail("Empty status list.");
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        if (session.Store.Status(mailbox) is not { } status)
            return new(ImapReply.NonExistent(session.Store, mailbox));
        var writer = session.Writer.Begin("* STATUS ").Mailbox(mailbox);
        var between = " (";
        for (var i = 0; i < asked.Length; i++)
        {
            if (!asked[i])
                continue;
            writer.Text(between).Text(_items[i].Name).Text(" ").Number(_items[i].Value(status, session.Settings));
            between = " ";
        }
        writer.Text(")").End();
        return new(ImapReply.Ok("Status completed."));
    }
}
