using System.Globalization;
using MailControl.Auth;
using Sasl.Credentials;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Mechanisms;
using Store = Sasl.Credentials.Sources.AppPasswords;

namespace MailControl.AppPasswords;

/// <summary>
/// mailctl app-password [-c DIR] add|list|revoke|main …: passwords for single devices of a user, made here and shown once. For root, or the auth server's
/// user: the store is in auth_state_dir. The auth server sees a change at its next login.
/// </summary>
static class AppPasswordCommand
{
    const string Usage = """
        usage: mailctl app-password [-c DIR] add USER NAME [--services LIST] [--networks LIST] [--expires DAYS|DATE] [--main-off]
               mailctl app-password [-c DIR] list [USER]
               mailctl app-password [-c DIR] revoke USER NAME
               mailctl app-password [-c DIR] main USER on|off
        """;

    static readonly string[] _verbs = ["add", "list", "revoke", "main"];

    public static Command Command { get; } = new("app-password", "[-c DIR] add|list|revoke|main ...: passwords for single devices of a user", [], RunAsync);

    static async Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var words = arguments.ToArray();
        var (directory, rest) = words is ["-c", var given, .. var more] ? (given, more) : (CommandContext.DefaultDirectory, words);
        var auth = new AuthContext(context, directory, null);
        if (auth.Configuration.Settings.Text(DovecotConf.AuthStateDir) is not { Length: > 0 } state)
            return context.Fail("auth_state_dir is empty: there are no app passwords", ExitCode.Config);
        var store = new Store(Path.Combine(state, Store.FileName));
        switch (rest)
        {
            case [not "list", var user, ..] when _verbs.Contains(rest[0]) && Complaint(user) is { } complaint:
                return context.Fail($"\"{user}\": {complaint}", ExitCode.DataError);
            case ["add", var user, var name, .. var options]:
                return await AddAsync(auth, store, Spelled(auth, user), name, options);
            case ["list"]:
                return List(context, store, null);
            case ["list", var user]:
                return List(context, store, Spelled(auth, user));
            case ["revoke", var user, var name]:
                return File.Exists(store.Path) && store.Revoke(Spelled(auth, user), name) ? ExitCode.Ok : context.Fail($"{user} has no app password {name}", ExitCode.NoUser);
            case ["main", var user, "on" or "off"]:
                store.Create();
                store.SetMain(Spelled(auth, user), rest[2] == "off");
                return ExitCode.Ok;
            case [var verb, ..] when !_verbs.Contains(verb) && NearMiss.Find(verb, _verbs) is { } meant:
                return context.Fail($"unknown word \"{verb}\" (did you mean \"{meant}\"?)", ExitCode.Usage);
            default:
                context.Error.WriteLine(Usage);
                return ExitCode.Usage;
        }
    }

    static async Task<int> AddAsync(AuthContext auth, Store store, string user, string name, string[] options)
    {
        var (context, password, isMainOff) = (auth.Command, new AppPassword(user, name) { Created = DateTimeOffset.UtcNow }, false);
        for (var i = 0; i < options.Length; i++)
        {
            var value = i + 1 < options.Length ? options[i + 1] : "";
            switch (options[i])
            {
                case "--main-off":
                    isMainOff = true;
                    continue;
                case "--services" when value.Length > 0:
                    password = password with { Services = SettingValue.SplitList(value) };
                    break;
                case "--networks" when value.Length > 0:
                    password = password with { Networks = SettingValue.SplitList(value) };
                    break;
                case "--expires" when Expiry(value) is { } end:
                    password = password with { Expires = end };
                    break;
                default:
                    return context.Fail($"{options[i]}{(value.Length > 0 ? $" {value}" : "")}: not understood\n{Usage}", ExitCode.Usage);
            }
            i++;
        }
        if (Complaint(name) is { } complaint)
            return context.Fail($"\"{name}\": {complaint}", ExitCode.DataError);
        if (password.Networks.FirstOrDefault(n => NetworkPattern.Parse(n, demandBrackets: false, out _) is null) is { } bad)
            return context.Fail($"\"{bad}\" is not a network", ExitCode.DataError);
        if (password.Expires <= password.Created)
            return context.Fail("it would have ended already", ExitCode.DataError);
        store.Create();
        var text = AppPasswordText.Generate();
        if (!store.TryAdd(password, text, await SaltsAsync(auth, user)))
            return context.Fail($"{user} has an app password {name} already, or {Store.MostOfOneUser} of them", ExitCode.CantCreate);
        if (isMainOff)
            store.SetMain(user, isOff: true);
        context.Output.WriteLine(text);
        return ExitCode.Ok;
    }

    /// <summary>With what salts the user's own password is stored, as far as somebody can tell.</summary>
    static async Task<IReadOnlyList<ScramSecret>> SaltsAsync(AuthContext auth, string user)
    {
        try
        {
            var salts = new List<ScramSecret>();
            foreach (var line in await auth.AskAsync("SALTS", user))
            {
                if (line is ["SALTS", _, var mechanism, var iterations, var salt] && ScramHash.Of(mechanism) is { } hash)
                    salts.Add(new(hash, int.Parse(iterations, CultureInfo.InvariantCulture), Convert.FromBase64String(salt), new byte[hash.Size], new byte[hash.Size]));
            }
            return salts;
        }
        catch (IOException)
        {
            auth.Command.Warn("the auth server does not answer: if the user's own password is stored as SCRAM keys, it will not be taken by SCRAM any more, only by PLAIN and LOGIN");
            return [];
        }
    }

    static int List(CommandContext context, Store store, string? user)
    {
        var isThere = File.Exists(store.Path);
        var passwords = !isThere ? [] : user is null ? store.List() : store.Find(user).Passwords;
        foreach (var p in passwords)
        {
            string?[] words =
            [
                user is null ? $"{p.User}:" : null, p.Name, $"made {Day(p.Created)}", p.Used is { } used ? $"used {Day(used)}" : "never used",
                p.Expires is not { } end ? null : end <= DateTimeOffset.UtcNow ? $"ENDED {Day(end)}" : $"ends {Day(end)}",
                p.Services.Count > 0 ? $"for {string.Join(',', p.Services)}" : null, p.Networks.Count > 0 ? $"from {string.Join(',', p.Networks)}" : null,
            ];
            context.Output.WriteLine(string.Join("  ", words.Where(w => w is not null)));
        }
        var off = (isThere ? store.ListMainOff() : []).Where(u => user is null || u == user).ToArray();
        foreach (var name in off)
            context.Output.WriteLine($"{name}: the own password is off");
        return passwords.Count > 0 || off.Length > 0 || user is null ? ExitCode.Ok : context.Fail($"{user} has no app passwords", ExitCode.NoUser);
    }

    /// <summary>As the auth server looks a name up, in the usual case.</summary>
    static string Spelled(AuthContext auth, string user) =>
        auth.Configuration.Settings.Text(DovecotConf.AuthUsernameFormat) is var format && (format.StartsWith("%L", StringComparison.Ordinal) || format.Contains("lower", StringComparison.Ordinal)) ? user.ToLowerInvariant() : user;

    static string? Complaint(string name) =>
        name.Length is 0 or > 128 ? "a name has 1 to 128 characters"
        : name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) ? "a name has neither blanks nor control characters"
        : name.StartsWith('-') ? "a name does not begin with a hyphen"
        : null;

    /// <summary>So many days from now, or the beginning of a day.</summary>
    static DateTimeOffset? Expiry(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and < 36_500 ? DateTimeOffset.UtcNow.AddDays(days)
        : DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var day) ? day : null;

    static string Day(DateTimeOffset time) => time.LocalDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
