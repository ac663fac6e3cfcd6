using Sasl.Hosting.Daemon;
using Sasl.Protocols;

namespace MailControl.Auth;

/// <summary>
/// mailctl auth lookup [-u] [-f FIELD] [-s SERVICE] USER...: what the passdbs (-u: the userdbs) say of users, never a secret. Status 67 when there is no such
/// user, 75 when nobody could tell.
/// </summary>
static class LookupSubcommand
{
    public static AuthSubcommand Subcommand { get; } = new("lookup", "[-u] [-f FIELD] [-s SERVICE] USER...: what the passdbs (-u: userdbs) say of users", RunAsync);

    static async Task<int> RunAsync(AuthContext context, IReadOnlyList<string> arguments)
    {
        var (verb, what, field, service) = ("PASS", "passdb", (string?)null, "mailctl");
        var users = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "-u")
                (verb, what) = ("USER", "userdb");
            else if (arguments[i] is "-f" or "-s" && i + 1 < arguments.Count)
                _ = arguments[i] == "-f" ? field = arguments[++i] : service = arguments[++i];
            else if (arguments[i].StartsWith('-'))
                return context.Misused(Subcommand);
            else
                users.Add(arguments[i]);
        }
        if (users.Count == 0)
            return context.Misused(Subcommand);
        var status = ExitCode.Ok;
        foreach (var user in users)
        {
            var result = Tell(context, what, user, field, (await context.AskAsync(verb, user, $"service={service}"))[^1]);
            status = status == ExitCode.Ok ? result : status;
        }
        return status;
    }

    static int Tell(AuthContext context, string what, string user, string? field, string[] reply)
    {
        switch (reply)
        {
            case ["NOTFOUND", ..]:
                return context.Command.Fail($"{what} lookup: user {user} doesn't exist", ExitCode.NoUser);
            case ["PASS", _, .. var fields]:
                return Print(context, what, user, field, fields);
            case ["USER", _, var name, .. var fields]:
                return Print(context, what, user, field, [$"user={name}", .. fields]);
            default:
                return context.Command.Fail($"{what} lookup: {user}: {TabLine.Value(reply, "reason") ?? "the auth server could not tell"}", ExitCode.TemporaryFailure);
        }
    }

    static int Print(AuthContext context, string what, string user, string? wanted, string[] fields)
    {
        if (wanted is not null)
        {
            if (TabLine.Value(fields, wanted) is { } value)
                context.Command.Output.WriteLine(value);
            return ExitCode.Ok;
        }
        context.Command.Output.WriteLine($"{what}: {user}");
        foreach (var field in fields)
            context.Command.Output.WriteLine(field.IndexOf('=') is var equals and > 0 ? $"  {field[..equals]}: {field[(equals + 1)..]}" : $"  {field}");
        return ExitCode.Ok;
    }
}
