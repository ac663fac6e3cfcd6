using Sasl.Credentials.Schemes;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;

namespace MailControl.Passwords;

/// <summary>
/// mailctl password [-s SCHEME] [-u USER] [-r ROUNDS] hash | verify [FILE] | list: what other tools call "pw". Passwords and what is stored of them come from a
/// prompt, the input or a file, never from the command line, which every user of the machine can read.
/// </summary>
static class PasswordCommand
{
    const string Usage = "usage: mailctl password [-s SCHEME] [-u USER] [-r ROUNDS] hash | [-u USER] verify [FILE] | list";
    const int LongestStored = 4096;

    public static Command Command { get; } = new("password", "[-s SCHEME] [-u USER] [-r ROUNDS] hash | verify [FILE] | list: how passwords are stored", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments) => Task.FromResult(Run(context, arguments));

    static int Run(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (scheme, user, rounds, words) = (PasswordScheme.Bare, "", 0, new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "-s" when i + 1 < arguments.Count:
                    scheme = arguments[++i];
                    break;
                case "-u" when i + 1 < arguments.Count:
                    user = arguments[++i];
                    break;
                case "-r" when i + 1 < arguments.Count && int.TryParse(arguments[i + 1], out rounds) && rounds > 0:
                    i++;
                    break;
                case ['-', _, ..]:
                    return context.Fail(Usage, ExitCode.Usage);
                case var word:
                    words.Add(word);
                    break;
            }
        }
        return words switch
        {
            ["list"] => List(context),
            ["hash"] => Hash(context, scheme, user, rounds),
            ["verify"] => Verify(context, user, context.Input.ReadLine),
            ["verify", var path] => Verify(context, user, () => File.ReadLines(path).FirstOrDefault()),
            ["hash", _, ..] => context.Fail("a password is never an argument: type it when asked, or give it as one line on the input", ExitCode.Usage),
            _ => context.Fail(Usage, ExitCode.Usage),
        };
    }

    static int Hash(CommandContext context, string scheme, string user, int rounds)
    {
        if (!PasswordScheme.IsKnown(scheme))
            return context.Fail(Unknown(scheme), ExitCode.Usage);
        if (!PasswordScheme.All.First(s => PasswordScheme.IsNamed(s, scheme)).CanMake)
            return context.Fail($"no new passwords are stored as {scheme}", ExitCode.Usage);
        using var password = NewPassword.Ask(context, "New password: ");
        if (password is null)
            return ExitCode.DataError;
        if (PasswordScheme.Make(scheme, password.Bytes, user, rounds) is not { } stored)
        {
            return context.Fail(user.Length == 0 && scheme.StartsWith("DIGEST-MD5", StringComparison.OrdinalIgnoreCase) ? "DIGEST-MD5 needs the user's login name: -u"
                : $"{scheme} cannot store this{(rounds > 0 ? ", or not with so many rounds" : "")}", ExitCode.DataError);
        }
        if (PasswordScheme.IsWeakText(stored))
            context.Warn($"{scheme} is weak: the auth server refuses it unless auth_allow_weak_schemes = yes");
        context.Output.WriteLine(stored);
        return ExitCode.Ok;
    }

    /// <summary>First what is stored, then the password; status 1 for another password.</summary>
    static int Verify(CommandContext context, string user, Func<string?> read)
    {
        if (read()?.Trim() is not { Length: > 0 and <= LongestStored } stored)
            return context.Fail("what is stored (\"{SCHEME}text\") is the first line of the input, or of the file", ExitCode.DataError);
        if (PasswordScheme.Problem(stored) is { } problem)
            return context.Fail(problem, ExitCode.DataError);
        using var password = NewPassword.Ask(context, "Password: ", twice: false);
        if (password is null)
            return ExitCode.DataError;
        if (PasswordScheme.Matches(password.Bytes, stored, user) is not { } matches)
            return context.Fail("what is stored is damaged", ExitCode.DataError);
        context.Output.WriteLine(matches ? $"{PasswordScheme.NameOf(stored)}: the password is right" : $"{PasswordScheme.NameOf(stored)}: another password");
        return matches ? ExitCode.Ok : 1;
    }

    static int List(CommandContext context)
    {
        foreach (var scheme in PasswordScheme.All)
        {
            string[] remarks =
            [
                .. scheme.Aliases.Count > 0 ? [$"also {string.Join(", ", scheme.Aliases)}"] : Array.Empty<string>(),
                .. scheme.CanMake ? Array.Empty<string>() : ["not for new passwords"],
                .. scheme.IsWeak ? ["weak"] : Array.Empty<string>(),
                .. scheme.IsCleartext ? ["serves every mechanism"] : scheme.IsMechanisms ? ["serves its mechanism, PLAIN and LOGIN"] : Array.Empty<string>(),
            ];
            context.Output.WriteLine(remarks.Length == 0 ? scheme.Name : $"{scheme.Name,-15} {string.Join("; ", remarks)}");
        }
        return ExitCode.Ok;
    }

    static string Unknown(string scheme) =>
        $"unknown password scheme {scheme}" + (NearMiss.Find(scheme.ToUpperInvariant(), PasswordScheme.All.Select(s => s.Name)) is { } meant ? $" (did you mean {meant}?)" : "; \"mailctl password list\" shows all");
}
