using System.Collections.Frozen;
using MailServers.Imap.Commands;
using static MailServers.Imap.ImapStates;

namespace MailServers.Imap;

/// <summary>Every command there is.</summary>
static class ImapCommands
{
    static readonly FrozenDictionary<string, ImapCommand> _byName = new ImapCommand[]
    {
        // any state
        new("CAPABILITY", LoggedIn, CapabilityCommand.RunAsync),
        new("NOOP", LoggedIn, NoopCommand.RunAsync),
        new("LOGOUT", LoggedIn, LogoutCommand.RunAsync),
        new("ID", LoggedIn, IdCommand.RunAsync),
        // before login only, and so never here
        new("STARTTLS", NotAuthenticated, NoopCommand.RunAsync),
        new("AUTHENTICATE", NotAuthenticated, NoopCommand.RunAsync),
        new("LOGIN", NotAuthenticated, NoopCommand.RunAsync),
        // logged in
        new("APPEND", LoggedIn, AppendCommand.RunAsync),
        new("CREATE", LoggedIn, CreateCommand.RunAsync),
        new("DELETE", LoggedIn, DeleteCommand.RunAsync),
        new("ENABLE", LoggedIn, EnableCommand.RunAsync),
        new("EXAMINE", LoggedIn, ExamineCommand.RunAsync),
        new("IDLE", LoggedIn, IdleCommand.RunAsync),
        new("LIST", LoggedIn, ListCommand.RunAsync),
        new("LSUB", LoggedIn, LsubCommand.RunAsync),
        new("NAMESPACE", LoggedIn, NamespaceCommand.RunAsync),
        new("RENAME", LoggedIn, RenameCommand.RunAsync),
        new("SELECT", LoggedIn, SelectCommand.RunAsync),
        new("STATUS", LoggedIn, StatusCommand.RunAsync),
        new("SUBSCRIBE", LoggedIn, SubscribeCommand.RunAsync),
        new("UNSUBSCRIBE", LoggedIn, UnsubscribeCommand.RunAsync),
        // selected
        new("CHECK", Selected, NoopCommand.RunAsync),
        new("CLOSE", Selected, CloseCommand.RunAsync),
        new("COPY", Selected, CopyCommand.RunAsync),
        new("EXPUNGE", Selected, ExpungeCommand.RunAsync),
        new("FETCH", Selected, FetchCommand.RunAsync, KeepsNumbers: true),
        new("MOVE", Selected, MoveCommand.RunAsync),
        new("SEARCH", Selected, SearchCommand.RunAsync, KeepsNumbers: true),
        new("STORE", Selected, StoreCommand.RunAsync, KeepsNumbers: true),
        new("UNSELECT", Selected, UnselectCommand.RunAsync),
        new("UID COPY", Selected, CopyCommand.RunAsync),
        new("UID EXPUNGE", Selected, ExpungeCommand.RunAsync),
        new("UID FETCH", Selected, FetchCommand.RunAsync),
        new("UID MOVE", Selected, MoveCommand.RunAsync),
        new("UID SEARCH", Selected, SearchCommand.RunAsync),
        new("UID STORE", Selected, StoreCommand.RunAsync),
    }.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<ImapCommand> All => _byName.Values;

    public static ImapCommand? Find(string name) => _byName.GetValueOrDefault(name);
}
