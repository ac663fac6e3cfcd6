using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;

namespace MailControl.Auth;

/// <summary>mailctl auth [-c DIR] [-a SOCKET] SUBCOMMAND …: the auth server's affairs. A new sub-command is a file and a line here.</summary>
static class AuthCommand
{
    static readonly AuthSubcommand[] _all =
    [
        TestSubcommand.Subcommand,
        LookupSubcommand.Subcommand,
        ExplainSubcommand.Subcommand,
        MechanismsSubcommand.Subcommand,
        CacheSubcommand.Subcommand,
        WhySubcommand.Subcommand,
        UnbanSubcommand.Subcommand,
    ];

    public static Command Command { get; } = new("auth", $"[-c DIR] [-a SOCKET] {string.Join('|', _all.Select(s => s.Name))} ...: ask and tell the auth server", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (directory, socket) = (CommandContext.DefaultDirectory, (string?)null);
        var at = 0;
        for (; at + 1 < arguments.Count && arguments[at] is "-c" or "-a"; at += 2)
            _ = arguments[at] == "-c" ? directory = arguments[at + 1] : socket = arguments[at + 1];
        if (at >= arguments.Count || arguments[at].StartsWith('-'))
            return Task.FromResult(Usage(context));
        var name = arguments[at];
        if (Array.Find(_all, s => s.Name == name) is { } subcommand)
            return subcommand.RunAsync(new(context, directory, socket), [.. arguments.Skip(at + 1)]);
        var meant = NearMiss.Find(name, _all.Select(s => s.Name));
        return Task.FromResult(meant is null ? Usage(context) : context.Fail($"unknown word \"{name}\" (did you mean \"{meant}\"?)", ExitCode.Usage));
    }

    static int Usage(CommandContext context)
    {
        context.Error.WriteLine("usage: mailctl auth [-c DIR] [-a SOCKET] SUBCOMMAND [arguments]");
        foreach (var subcommand in _all)
            context.Error.WriteLine($"  {subcommand.Name} {subcommand.Usage}");
        return ExitCode.Usage;
    }
}
