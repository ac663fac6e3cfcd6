using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Daemon;
using Sasl.Mechanisms;

namespace MailControl.Passwords;

/// <summary>
/// mailctl scram-report [-f DB]: which users of the secrets database cannot log in by SCRAM-SHA-256 yet, since neither keys nor the password are stored, and
/// whose hashes are weak or old. Names and counts, never what is stored.
/// </summary>
static class ScramReportCommand
{
    const string Usage = "usage: mailctl scram-report [-f DB]";

    public static Command Command { get; } = new("scram-report", "[-f DB]: who cannot log in by SCRAM yet, and whose hashes are weak or old", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments) => Task.FromResult(arguments switch
    {
        [] => Run(context, new(Sasldb.DefaultPath)),
        ["-f", var path] => Run(context, new(path)),
        _ => context.Fail(Usage, ExitCode.Usage),
    });

    static int Run(CommandContext context, Sasldb database)
    {
        if (!File.Exists(database.Path))
            return context.Fail($"{database.Path} does not exist; \"user add\" makes it", ExitCode.Unavailable);
        var (count, blocking, weak, old) = (0, new List<string>(), new List<string>(), new List<string>());
        foreach (var (user, forms) in database.All())
        {
            count++;
            if (StoredPasswords.Find(forms, SecretKind.ScramSha256) is null)
                blocking.Add(user);
            if (forms.Where(PasswordScheme.IsWeakText).Select(PasswordScheme.NameOf).ToList() is { Count: > 0 } names)
                weak.Add($"{user} ({string.Join(", ", names)})");
            else if (StoredPasswords.Decisive(forms) is { } decisive && StoredPasswords.KindOf(decisive) is null && PasswordScheme.IsOutdated(decisive))
                old.Add($"{user} ({PasswordScheme.NameOf(decisive)})");
        }
        Tell(context, $"{blocking.Count} of {count} users cannot log in by SCRAM-SHA-256", blocking);
        Tell(context, $"{weak.Count} have a weak hash, which is refused unless auth_allow_weak_schemes = yes", weak);
        Tell(context, $"{old.Count} have a hash that would be a better one today", old);
        if (blocking.Count + weak.Count + old.Count > 0)
            context.Output.WriteLine("auth_upgrade_passwords = yes makes keys and a better hash at each one's next login with a password.");
        return ExitCode.Ok;
    }

    static void Tell(CommandContext context, string heading, List<string> names)
    {
        context.Output.WriteLine(names.Count == 0 ? heading : $"{heading}:");
        foreach (var name in names)
            context.Output.WriteLine($"  {name}");
    }
}
