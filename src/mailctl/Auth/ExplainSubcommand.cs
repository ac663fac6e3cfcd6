using System.Text;
using Sasl.Hosting.Daemon;
using Sasl.Protocols;

namespace MailControl.Auth;

/// <summary>
/// mailctl auth explain [-p] [-s SERVICE] USER [IP]: the way of a login through names, limits, passdbs and userdbs, step by step. With -p a password is asked
/// for and tried, which counts as a login.
/// </summary>
static class ExplainSubcommand
{
    public static AuthSubcommand Subcommand { get; } = new("explain", "[-p] [-s SERVICE] USER [IP]: how the auth server comes to its decision; -p tries a password", RunAsync);

    static async Task<int> RunAsync(AuthContext context, IReadOnlyList<string> arguments)
    {
        var (service, asks, words) = ("imap", false, new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "-p")
                asks = true;
            else if (arguments[i] == "-s" && i + 1 < arguments.Count)
                service = arguments[++i];
            else
                words.Add(arguments[i]);
        }
        if (words.Count is < 1 or > 2 || words[0].StartsWith('-'))
            return context.Misused(Subcommand);
        var fields = new List<string> { words[0], $"service={service}" };
        if (words.Count > 1)
            fields.Add($"rip={words[1]}");
        if (asks)
        {
            if (context.Command.AskPassword($"Password of {words[0]}: ") is not { } password)
                return context.Command.Fail("no password given", ExitCode.DataError);
            fields.Add($"resp={Convert.ToBase64String(Encoding.UTF8.GetBytes(password))}");
        }
        var answer = await context.AskAsync("EXPLAIN", fields);
        foreach (var line in answer.Where(l => l is ["EXPLAIN", _, _]))
            context.Command.Output.WriteLine(line[2]);
        return answer[^1] is ["DONE", ..] ? ExitCode.Ok : context.Command.Fail(TabLine.Value(answer[^1], "reason") ?? "the auth server could not tell", ExitCode.TemporaryFailure);
    }
}
