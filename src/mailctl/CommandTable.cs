using System.Collections.Frozen;
using Sasl.Hosting.Daemon;

namespace MailControl;

/// <summary>Every command. A new one is a file and a line here.</summary>
static class CommandTable
{
    static readonly Command[] _all =
    [
        Postconf.PostconfCommand.Command,
        Doveconf.DoveconfCommand.Command,
        CheckCommand.Command,
        Auth.AuthCommand.Command,
        Audit.AuditCommand.Command,
        AppPasswords.AppPasswordCommand.Command,
        Metrics.MetricsCommand.Command,
        Users.UserCommand.Command,
        Passwords.PasswordCommand.Command,
        Passwords.ScramReportCommand.Command,
        CertificateCommand.Command,
        SendmailCommand.Command,
    ];

    static readonly FrozenDictionary<string, Command> _byName = _all
        .SelectMany(command => command.Links.Append(command.Name).Distinct(), (command, name) => (command, name))
        .ToFrozenDictionary(p => p.name, p => p.command, StringComparer.Ordinal);

    /// <summary>Runs the command that the program was called as, or that its first argument names.</summary>
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CommandContext context)
    {
        var called = Path.GetFileName(program);
        if (_byName.TryGetValue(called, out var link) && link.Links.Contains(called))
            return await RunAsync(link, arguments, context with { Program = called });
        switch (arguments)
        {
            case ["--self-test"]:
                return SelfTest.Run("mailctl", Checks.All);
            case [] or ["--help" or "-h" or "help"]:
                Help(context);
                return arguments.Count == 0 ? ExitCode.Usage : ExitCode.Ok;
            case [var name, ..] when _byName.TryGetValue(name, out var command):
                return await RunAsync(command, [.. arguments.Skip(1)], context with { Program = name });
            default:
                var meant = Sasl.Hosting.Configuration.NearMiss.Find(arguments[0], _byName.Keys);
                return context.Fail($"unknown command \"{arguments[0]}\"{(meant is null ? "; mailctl --help lists them" : $" (did you mean \"{meant}\"?)")}", ExitCode.Usage);
        }
    }

    static async Task<int> RunAsync(Command command, IReadOnlyList<string> arguments, CommandContext context)
    {
        try
        {
            return await command.RunAsync(context, arguments);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return context.Fail(failure.Message);
        }
    }

    static void Help(CommandContext context)
    {
        context.Output.WriteLine("usage: mailctl COMMAND [arguments]");
        context.Output.WriteLine();
        foreach (var command in _all)
            context.Output.WriteLine($"  {command.Name,-13} {command.Help}");
        context.Output.WriteLine();
        var links = _all.SelectMany(c => c.Links).Order(StringComparer.Ordinal);
        context.Output.WriteLine($"Called by a link of one of these names it is that command: {string.Join(", ", links)}");
    }
}
