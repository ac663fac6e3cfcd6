using System.Collections.Frozen;
using MailServers.Pop3.Commands;

namespace MailServers.Pop3;

/// <summary>A command of the TRANSACTION state. It writes its whole response; what it returns is why the session is over, or null.</summary>
sealed record Pop3Command(string Name, Func<Pop3Session, string, ValueTask<string?>> RunAsync);

static class Pop3Commands
{
    static readonly FrozenDictionary<string, Pop3Command> _byName = new Pop3Command[]
    {
        new("STAT", StatCommand.RunAsync),
        new("LIST", ListCommand.RunAsync),
        new("RETR", RetrCommand.RunAsync),
        new("DELE", DeleCommand.RunAsync),
        new("NOOP", NoopCommand.RunAsync),
        new("RSET", RsetCommand.RunAsync),
        new("QUIT", QuitCommand.RunAsync),
        new("TOP", TopCommand.RunAsync),
        new("UIDL", UidlCommand.RunAsync),
        new("CAPA", CapaCommand.RunAsync),
    }.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    public static Pop3Command? Find(string name) => _byName.GetValueOrDefault(name);
}
