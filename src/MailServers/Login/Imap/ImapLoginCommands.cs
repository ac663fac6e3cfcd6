using System.Collections.Frozen;

namespace MailServers.Login.Imap;

/// <summary>A command that is known before the login. It returns null to go on.</summary>
sealed record ImapLoginCommand(string Name, Func<LoginClient, ImapCommand, ValueTask<LoginEnd?>> RunAsync);

static class ImapLoginCommands
{
    static readonly FrozenDictionary<string, ImapLoginCommand> _byName = new ImapLoginCommand[]
    {
        new("CAPABILITY", CapabilityCommand.RunAsync),
        new("NOOP", NoopCommand.RunAsync),
        new("LOGOUT", LogoutCommand.RunAsync),
        new("ID", IdCommand.RunAsync),
        new("ENABLE", EnableCommand.RunAsync),
        new("STARTTLS", StartTlsCommand.RunAsync),
        new("LOGIN", LoginCommand.RunAsync),
        new("AUTHENTICATE", AuthenticateCommand.RunAsync),
    }.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);

    public static ImapLoginCommand? Find(string name) => _byName.GetValueOrDefault(name);
}
