using Sasl.Hosting.Daemon;
using Sasl.Protocols;

namespace MailControl.Auth;

/// <summary>mailctl auth cache flush [MASK]... | status [--reset]: what the auth server remembers of its databases.</summary>
static class CacheSubcommand
{
    public static AuthSubcommand Subcommand { get; } = new("cache", "flush [MASK]... | status [--reset]: what is remembered of the databases", RunAsync);

    static async Task<int> RunAsync(AuthContext context, IReadOnlyList<string> arguments)
    {
        switch (arguments)
        {
            case [var verb, ..] when verb == "flush":
                var flushed = (await context.AskAsync("CACHE-FLUSH", arguments.Skip(1)))[^1];
                if (flushed is not ["OK", _, var count, ..])
                    return Failed(context, flushed);
                context.Command.Output.WriteLine($"{count} cache entries flushed");
                return ExitCode.Ok;
            case ["status"] or ["status", "--reset"]:
                var status = (await context.AskAsync("CACHE-STATUS", arguments.Count > 1 ? ["reset"] : []))[^1];
                if (status is not ["OK", _, .. var fields])
                    return Failed(context, status);
                foreach (var field in fields)
                    context.Command.Output.WriteLine(field.Replace("=", ": ", StringComparison.Ordinal));
                return ExitCode.Ok;
            default:
                return context.Misused(Subcommand);
        }
    }

    static int Failed(AuthContext context, string[] reply) => context.Command.Fail(TabLine.Value(reply, "reason") ?? "the auth server could not do it", ExitCode.TemporaryFailure);
}
