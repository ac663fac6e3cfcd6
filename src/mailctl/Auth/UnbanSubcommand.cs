using Sasl.Hosting.Daemon;
using Sasl.Protocols;

namespace MailControl.Auth;

/// <summary>mailctl auth unban USER|IP: forgets the wrong passwords counted against a user, or against an address and its network.</summary>
static class UnbanSubcommand
{
    public static AuthSubcommand Subcommand { get; } = new("unban", "USER|IP: forget the wrong passwords of an account or an address", RunAsync);

    static async Task<int> RunAsync(AuthContext context, IReadOnlyList<string> arguments)
    {
        if (arguments is not [var whom])
            return context.Misused(Subcommand);
        var answer = await context.AskAsync("UNBAN", whom);
        if (answer[^1] is not ["OK", _, var count, ..])
            return context.Command.Fail(TabLine.Value(answer[^1], "reason") ?? "the auth server could not do it");
        context.Command.Output.WriteLine(count == "0" ? $"nothing was counted against {whom}" : $"{whom}: {count} counters are empty again");
        return ExitCode.Ok;
    }
}
