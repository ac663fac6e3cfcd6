using System.Collections.Frozen;

namespace MailServers.Smtp.Commands;

/// <summary>The commands of RFC 5321 and of the extensions that are offered. Their order is that of the disconnect line.</summary>
static class CommandTable
{
    static readonly SmtpCommand[] _all =
    [
        new("HELO", 0, HeloCommand.RunAsync, EndsGroup: true, BeforeTls: true, IsJunk: true),
        new("EHLO", 1, EhloCommand.RunAsync, EndsGroup: true, BeforeTls: true, IsJunk: true),
        new("STARTTLS", 2, StartTlsCommand.RunAsync, EndsGroup: true, BeforeTls: true, IsJunk: false),
        new("AUTH", 3, AuthCommand.RunAsync, EndsGroup: false, BeforeTls: false, IsJunk: false),
        new("MAIL", 4, MailCommand.RunAsync, EndsGroup: false, BeforeTls: false, IsJunk: false),
        new("RCPT", 5, RcptCommand.RunAsync, EndsGroup: false, BeforeTls: false, IsJunk: false),
        new("DATA", 6, DataCommand.RunAsync, EndsGroup: true, BeforeTls: false, IsJunk: false),
        new("BDAT", 7, BdatCommand.RunAsync, EndsGroup: false, BeforeTls: false, IsJunk: false),
        new("RSET", 8, RsetCommand.RunAsync, EndsGroup: false, BeforeTls: false, IsJunk: true),
        new("NOOP", 9, NoopCommand.RunAsync, EndsGroup: true, BeforeTls: true, IsJunk: true),
        new("VRFY", 10, VrfyCommand.RunAsync, EndsGroup: true, BeforeTls: false, IsJunk: true),
        new("ETRN", 11, EtrnCommand.RunAsync, EndsGroup: true, BeforeTls: false, IsJunk: true),
        new("QUIT", 12, QuitCommand.RunAsync, EndsGroup: false, BeforeTls: true, IsJunk: false),
        new("HELP", 13, HelpCommand.RunAsync, EndsGroup: false, BeforeTls: true, IsJunk: true),
    ];

    static readonly FrozenDictionary<string, SmtpCommand> _byName = _all.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Names { get; } = [.. _all.Select(c => c.Name)];

    public static SmtpCommand? Find(string verb) => _byName.GetValueOrDefault(verb);
}
