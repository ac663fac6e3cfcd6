using MailStore;

namespace MailServers.Imap.Commands;

/// <summary>RFC 3501 §6.3.8, with the attributes of RFC 3348 (CHILDREN).</summary>
static class ListCommand
{
    public static async ValueTask<ImapReply> RunAsync(ImapSession session, ImapRequest request)
    {
        var separator = session.Store.Separator;
        if (ListPattern.Expect(request.Arguments, separator, out _, out var name) is not { } pattern)
            return ImapReply.Bad(request.Arguments.Error!);
        // An empty name asks for the separator and the root of the reference; without namespace prefixes that is the empty one.
        if (name.Length == 0)
            session.Writer.Begin("* LIST (\\Noselect) ").String(separator.ToString()).Text(" \"\"").End();
        else
            foreach (var folder in session.Store.Folders())
            {
                if (!pattern.Matches(folder.Name))
                    continue;
                session.Writer.Begin($"* LIST ({Attributes(folder)}) ").String(separator.ToString()).Text(" ").Mailbox(folder.Name).End();
                await session.Writer.FlushIfFullAsync();
            }
        return ImapReply.Ok("List completed.");
    }

    static string Attributes(FolderInfo folder) =>
        (folder.NoSelect ? "\\Noselect " : "") + (folder.NoInferiors ? "\\NoInferiors" : folder.HasChildren ? "\\HasChildren" : "\\HasNoChildren") + (folder.Marked ? " \\Marked" : "");
}
