using MailServers.Imap.Wire;
using MailStore;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.1.</summary>
static class SelectCommand
{
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request) => RunAsync(session, request, readOnly: false);

    /// <summary>The way that SELECT and EXAMINE share.</summary>
    public static ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request, bool readOnly)
    {
        var arguments = request.Arguments;
        arguments.ExpectSpace();
        var mailbox = arguments.ExpectMailbox(session.Store.Separator);
        arguments.ExpectEnd();
        if (arguments.Failed)
            return new(ImapReply.Bad(arguments.Error!));
        // A SELECT that fails leaves no mailbox selected either.
        if (session.Selected is not null)
            session.Writer.Line("* OK [CLOSED] Previous mailbox closed.");
        session.Select(null);
        if (session.Store.Select(mailbox, readOnly) is not { } view)
            return new(ImapReply.NonExistent(session.Store, mailbox));
        session.Select(view);
        Tell(session.Writer, session.Selected!);
        return new(view.IsReadOnly ? ImapReply.Ok("Examine completed.", "READ-ONLY") : ImapReply.Ok("Select completed.", "READ-WRITE"));
    }

    static void Tell(ImapWriter writer, SelectedMailbox selected)
    {
        int recent = 0, unseen = 0;
        for (var i = selected.Messages.Count - 1; i >= 0; i--)
        {
            var message = selected.Messages[i];
            selected.Learn(message.Keywords);
            if ((message.Flags & MessageFlags.Recent) != 0)
                recent++;
            if ((message.Flags & MessageFlags.Seen) == 0)
                unseen = i + 1;
        }
        selected.TellFlags(writer);
        writer.Begin("* ").Number(selected.Messages.Count).Text(" EXISTS").End();
        writer.Begin("* ").Number(recent).Text(" RECENT").End();
        if (unseen > 0)
            writer.Begin("* OK [UNSEEN ").Number(unseen).Text("] First unseen.").End();
        writer.Begin("* OK [UIDVALIDITY ").Number(selected.View.UidValidity).Text("] UIDs valid").End();
        writer.Begin("* OK [UIDNEXT ").Number(selected.View.UidNext).Text("] Predicted next UID").End();
    }
}
