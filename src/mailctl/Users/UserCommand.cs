using System.Security.Cryptography;
using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Unix;

namespace MailControl.Users;

/// <summary>
/// mailctl user [-f DB] add|passwd|delete NAME[@REALM], mailctl user [-f DB] list: the secrets database. A password comes from a prompt
/// or as one line of the input, never from the command line, where every user of the machine could read it.
/// </summary>
static class UserCommand
{
    const string Usage = "usage: mailctl user [-f DB] add|passwd|delete NAME[@REALM] | list | import --from sasldb2|passwd-file FILE|-";
    const string Scheme = "SHA512-CRYPT";
    const int LongestPassword = 1024;

    static readonly string[] _verbs = ["add", "passwd", "delete", "list", "import"];

    public static Command Command { get; } = new("user", "[-f DB] add|passwd|delete NAME[@REALM] | list | import: users of the secrets database", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments) => Task.FromResult(Run(context, arguments));

    static int Run(CommandContext context, IReadOnlyList<string> arguments)
    {
        var path = Sasldb.DefaultPath;
        var words = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "import" && words.Count == 0)
                return ImportCommand.Run(context, new(path), [.. arguments.Skip(i + 1)]);
            if (arguments[i] == "-f" && i + 1 < arguments.Count)
                path = arguments[++i];
            else if (arguments[i].StartsWith('-'))
                return context.Fail(Usage, ExitCode.Usage);
            else
                words.Add(arguments[i]);
        }
        var database = new Sasldb(path);
        switch (words)
        {
            case ["list"]:
                return List(context, database);
            case ["add" or "passwd" or "delete", var name] when Check(name) is { } complaint:
                return context.Fail($"\"{name}\": {complaint}", ExitCode.DataError);
            case ["add", var name]:
                return Add(context, database, name);
            case ["passwd", var name]:
                return Change(context, database, name);
            case ["delete", var name]:
                return Missing(context, database) ?? (database.Delete(User(name), Realm(name)) ? 0 : NoUser(context, database, name));
            case ["add" or "passwd", _, _, ..]:
                return context.Fail("a password is never an argument: type it when asked, or give it as one line on the input", ExitCode.Usage);
            case [var verb, ..] when !_verbs.Contains(verb) && NearMiss.Find(verb, _verbs) is { } meant:
                return context.Fail($"unknown word \"{verb}\" (did you mean \"{meant}\"?)", ExitCode.Usage);
            default:
                return context.Fail(Usage, ExitCode.Usage);
        }
    }

    static int Add(CommandContext context, Sasldb database, string name)
    {
        if (File.Exists(database.Path) && database.Contains(User(name), Realm(name)))
            return context.Fail($"{name} exists already; \"user passwd\" changes the password", ExitCode.CantCreate);
        if (Stored(context, name) is not { } stored)
            return ExitCode.DataError;
        database.Create();
        return database.TryAdd(User(name), Realm(name), stored) ? 0 : context.Fail($"{name} exists already", ExitCode.CantCreate);
    }

    static int Change(CommandContext context, Sasldb database, string name)
    {
        if (Missing(context, database) is { } status)
            return status;
        if (!database.Contains(User(name), Realm(name)))
            return NoUser(context, database, name);
        return Stored(context, name) is not { } stored ? ExitCode.DataError
            : database.TryChange(User(name), Realm(name), stored) ? 0
            : NoUser(context, database, name);
    }

    static int List(CommandContext context, Sasldb database)
    {
        if (Missing(context, database) is { } status)
            return status;
        foreach (var user in database.List())
            context.Output.WriteLine($"{user.User}{(user.Realm.Length > 0 ? "@" : "")}{user.Realm}: {string.Join(", ", user.Kinds)}");
        return 0;
    }

    static int? Missing(CommandContext context, Sasldb database) =>
        File.Exists(database.Path) ? null : context.Fail($"{database.Path} does not exist; \"user add\" makes it", ExitCode.Unavailable);

    static int NoUser(CommandContext context, Sasldb database, string name)
    {
        var meant = NearMiss.Find(name, database.List().Select(u => u.Realm.Length > 0 ? $"{u.User}@{u.Realm}" : u.User));
        return context.Fail($"no user {name}{(meant is null ? "" : $" (did you mean \"{meant}\"?)")}", ExitCode.NoUser);
    }

    /// <summary>The new password as it is stored, or null when there is none that can be taken; says so.</summary>
    static string? Stored(CommandContext context, string name)
    {
        Identity.ForbidCoreDumps();
        var password = context.AskPassword($"New password for {name}: ");
        if (password is not { Length: > 0 } || password.Length > LongestPassword)
        {
            context.Fail(password is { Length: > 0 } ? $"the password is longer than {LongestPassword} characters" : "no password given; nothing is changed");
            return null;
        }
        if (!ReferenceEquals(context.Input, Console.In) || Console.IsInputRedirected || context.AskPassword("Again: ") == password)
        {
            var bytes = Encoding.UTF8.GetBytes(password);
            var stored = PasswordScheme.Make(Scheme, bytes);
            CryptographicOperations.ZeroMemory(bytes);
            if (stored is null)
                context.Fail("the password has a character that cannot be stored");
            return stored;
        }
        context.Fail("the passwords differ; nothing is changed");
        return null;
    }

    static string? Check(string name) =>
        User(name).Length == 0 ? "a user name is missing"
        : name.Length > 256 ? "longer than 256 characters"
        : name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "a user name has neither blanks nor control characters"
        : null;

    static string User(string name) => name.LastIndexOf('@') is var at and >= 0 ? name[..at] : name;

    static string Realm(string name) => name.LastIndexOf('@') is var at and >= 0 ? name[(at + 1)..] : "";
}
