using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;

namespace MailControl;

/// <summary>mailctl check [-c DIR]: everything that is wrong with the configuration, with file and line. Status 1 when an error is among it.</summary>
static class CheckCommand
{
    public static Command Command { get; } = new("check", "[-c DIR]: report what is wrong with the configuration", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var directory = CommandContext.DefaultDirectory;
        switch (arguments)
        {
            case []:
                break;
            case ["-c", var given]:
                directory = given;
                break;
            default:
                return Task.FromResult(context.Fail("usage: mailctl check [-c DIR]", ExitCode.Usage));
        }
        var (_, problems) = MailConfiguration.Load(directory, context.System());
        foreach (var problem in problems)
            context.Output.WriteLine(problem);
        var errors = problems.Count(p => !p.IsWarning);
        context.Output.WriteLine(problems.Count == 0 ? "no problem found"
            : $"{Count(errors, "error")}, {Count(problems.Count - errors, "warning")}");
        return Task.FromResult(errors > 0 ? 1 : 0);
    }

    static string Count(int n, string what) => $"{n} {what}{(n == 1 ? "" : "s")}";
}
