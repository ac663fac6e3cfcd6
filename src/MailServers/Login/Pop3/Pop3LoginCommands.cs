using System.Collections.Frozen;

namespace MailServers.Login.Pop3;

/// <summary>A command of the AUTHORIZATION state. It returns null to go on.</summary>
sealed record Pop3LoginCommand(string Name, Func<Pop3LoginSession, byte[], ValueTask<LoginEnd?>> RunAsync);

static class Pop3LoginCommands
{
    static readonly FrozenDictionary<string, Pop3LoginCommand> _byName = new Pop3LoginCommand[]
    {
        new("USER", UserCommand.RunAsync),
        new("PASS", PassCommand.RunAsync),
        new("AUTH", AuthCommand.RunAsync),
        new("APOP", ApopCommand.RunAsync),
        new("CAPA", CapaCommand.RunAsync),
        new("STLS", StlsCommand.RunAsync),
        new("QUIT", QuitCommand.RunAsync),
    }.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);

    public static Pop3LoginCommand? Find(string name) => _byName.GetValueOrDefault(name);
}
