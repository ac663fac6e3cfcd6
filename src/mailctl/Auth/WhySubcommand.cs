using Sasl.Hosting.Daemon;
using Sasl.Protocols;

namespace MailControl.Auth;

/// <summary>mailctl auth why USER [IP]: what the auth server would do with a login now, and every counter that has a say in it.</summary>
static class WhySubcommand
{
    public static AuthSubcommand Subcommand { get; } = new("why", "USER [IP]: whether a login would be let to its password now, and why not", RunAsync);

    static async Task<int> RunAsync(AuthContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Count is < 1 or > 2)
            return context.Misused(Subcommand);
        var answer = await context.AskAsync("WHY", arguments);
        if (answer[^1] is not ["DONE", ..])
            return context.Command.Fail(TabLine.Value(answer[^1], "reason") ?? "the auth server could not tell");
        foreach (var line in answer.Where(l => l[0] == "WHY"))
            context.Command.Output.WriteLine(string.Join(' ', line.Skip(2)));
        return ExitCode.Ok;
    }
}
