using Sasl.Credentials;

namespace AuthServer.Userdb;

/// <summary>What a userdb driver is made from.</summary>
/// <param name="Known">Of each passdb, how to ask whether a user exists.</param>
sealed record UserdbContext(string Arguments, IReadOnlyList<Func<string, bool>?> Known, HashWorkers Workers);

/// <summary>Every userdb driver, one line each.</summary>
static class UserdbTable
{
    delegate IUserdb? Opener(UserdbContext context, out string problem);

    static readonly (string Name, Opener Open)[] _drivers =
    [
        ("passwd", Passwd),
        ("static", static (UserdbContext c, out string problem) => StaticUserdb.Open(c.Arguments, c.Known, c.Workers, out problem)),
    ];

    public static IEnumerable<string> Names => _drivers.Select(d => d.Name);

    /// <summary>Null when there is no such driver (no problem) or its arguments are wrong (a problem).</summary>
    public static IUserdb? Open(string driver, UserdbContext context, out string problem)
    {
        problem = "";
        return Array.Find(_drivers, d => d.Name == driver).Open is { } open ? open(context, out problem) : null;
    }

    static PasswdUserdb? Passwd(UserdbContext context, out string problem)
    {
        // "blocking=no" only says how Dovecot asks; anything else would change the answer.
        problem = context.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(w => !w.StartsWith("blocking=", StringComparison.Ordinal))
            is { } word ? $"unknown argument {word}" : "";
        return problem.Length > 0 ? null : new(context.Workers);
    }
}
