using MailControl.Passwords;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Mechanisms;

namespace MailControl.Users;

/// <summary>
/// mailctl user [-f DB] add|passwd|delete NAME[@REALM], mailctl user [-f DB] list: the secrets database. A password comes from a prompt
/// or as one line of the input, never from the command line, where every user of the machine could read it. It is stored as a hash and, for
/// SCRAM-SHA-256, as keys; "--scheme" chooses another way.
/// </summary>
static class UserCommand
{
    const string Usage = "usage: mailctl user [-f DB] [-c DIR] [--scheme SCHEME] add|passwd|delete NAME[@REALM] | list | import --from sasldb2|passwd-file FILE|-";

    /// <summary>Of new keys: the strongest that many clients know. SCRAM-SHA-1 is not made: who has only that can use PLAIN under TLS.</summary>
    static readonly ScramHash _keys = ScramHash.Sha256;

    static readonly string[] _verbs = ["add", "passwd", "delete", "list", "import"];

    public static Command Command { get; } = new("user", "[-f DB] add|passwd|delete NAME[@REALM] | list | import: users of the secrets database", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments) => Task.FromResult(Run(context, arguments));

    static int Run(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (path, directory, scheme) = (Sasldb.DefaultPath, CommandContext.DefaultDirectory, PasswordScheme.Bare);
        var words = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "import" && words.Count == 0)
                return ImportCommand.Run(context, new(path), [.. arguments.Skip(i + 1)]);
            if (arguments[i] == "-f" && i + 1 < arguments.Count)
                path = arguments[++i];
            else if (arguments[i] == "-c" && i + 1 < arguments.Count)
                directory = arguments[++i];
            else if (arguments[i] == "--scheme" && i + 1 < arguments.Count)
                scheme = arguments[++i].ToUpperInvariant();
            else if (arguments[i].StartsWith('-'))
                return context.Fail(Usage, ExitCode.Usage);
            else
                words.Add(arguments[i]);
        }
        if (!PasswordScheme.All.Any(s => s.CanMake && PasswordScheme.IsNamed(s, scheme)))
            return context.Fail($"--scheme {scheme}: no new passwords are stored so; \"mailctl password list\" shows all", ExitCode.Usage);
        var database = new Sasldb(path);
        var storing = new Storing(scheme, directory);
        switch (words)
        {
            case ["list"]:
                return List(context, database);
            case ["add" or "passwd" or "delete", var name] when Check(name) is { } complaint:
                return context.Fail($"\"{name}\": {complaint}", ExitCode.DataError);
            case ["add", var name]:
                return Add(context, database, name, storing);
            case ["passwd", var name]:
                return Change(context, database, name, storing);
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

    /// <summary>How a new password is stored.</summary>
    sealed record Storing(string Scheme, string Directory);

    static int Add(CommandContext context, Sasldb database, string name, Storing storing)
    {
        if (File.Exists(database.Path) && database.Contains(User(name), Realm(name)))
            return context.Fail($"{name} exists already; \"user passwd\" changes the password", ExitCode.CantCreate);
        if (Stored(context, name, storing) is not { } stored)
            return ExitCode.DataError;
        database.Create();
        return database.Import([stored], replaces: false).Count == 0 ? 0 : context.Fail($"{name} exists already", ExitCode.CantCreate);
    }

    static int Change(CommandContext context, Sasldb database, string name, Storing storing)
    {
        if (Missing(context, database) is { } status)
            return status;
        if (!database.Contains(User(name), Realm(name)))
            return NoUser(context, database, name);
        if (Stored(context, name, storing) is not { } stored)
            return ExitCode.DataError;
        // What else is stored was made from the old one, and goes.
        database.Import([stored], replaces: true);
        return ExitCode.Ok;
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
    static ImportedUser? Stored(CommandContext context, string name, Storing storing)
    {
        using var password = NewPassword.Ask(context, $"New password for {name}: ");
        if (password is null)
            return null;
        if (PasswordScheme.Make(storing.Scheme, password.Bytes, name) is not { } stored)
        {
            context.Fail("the password has a character that cannot be stored, or is too long or too short for the scheme");
            return null;
        }
        var user = new ImportedUser(User(name), Realm(name));
        user.Secrets.Add((Sasldb.KindOf(stored), stored));
        // A cleartext password serves every mechanism, and who asks for one mechanism's keys has them.
        if (StoredPasswords.KindOf(stored) is null && PasswordScheme.Make(_keys.MechanismName, password.Bytes, name, Iterations(context, storing.Directory)) is { } keys)
            user.Secrets.Add((Sasldb.KindOf(keys), keys));
        return user;
    }

    static int Iterations(CommandContext context, string directory) => MailConfiguration.Load(directory, context.System()).Configuration.Dovecot.Settings.Integer(DovecotConf.AuthScramIterations);

    static string? Check(string name) =>
        User(name).Length == 0 ? "a user name is missing"
        : name.Length > 256 ? "longer than 256 characters"
        : name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "a user name has neither blanks nor control characters"
        : null;

    static string User(string name) => name.LastIndexOf('@') is var at and >= 0 ? name[..at] : name;

    static string Realm(string name) => name.LastIndexOf('@') is var at and >= 0 ? name[(at + 1)..] : "";
}
