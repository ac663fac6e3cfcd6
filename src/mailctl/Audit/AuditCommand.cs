using System.Globalization;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Protocols.Audit;

namespace MailControl.Audit;

/// <summary>
/// mailctl audit [-c DIR] verify [FILE…]: whether the audit log is as the auth server wrote it. mailctl audit [-c DIR] show [-n COUNT] [-s TIME] [-u TIME]
/// USER: what happened to a user's logins, the newest last. For root, or the auth server's user: the key is theirs.
/// </summary>
static class AuditCommand
{
    const string Usage = "usage: mailctl audit [-c DIR] verify [FILE...] | show [-n COUNT] [-s SINCE] [-u UNTIL] USER";

    public static Command Command { get; } = new("audit", "[-c DIR] verify [FILE...] | show [-n COUNT] [-s SINCE] [-u UNTIL] USER: the log of logins", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var words = arguments.ToArray();
        var (directory, rest) = words is ["-c", var given, .. var more] ? (given, more) : (CommandContext.DefaultDirectory, words);
        return Task.FromResult(rest switch
        {
            ["verify", .. var files] => Verify(context, directory, files),
            ["show", .. var about] => Show(context, directory, about),
            [var word, ..] when NearMiss.Find(word, ["verify", "show"]) is { } meant => context.Fail($"unknown word \"{word}\" (did you mean \"{meant}\"?)", ExitCode.Usage),
            _ => context.Fail(Usage, ExitCode.Usage),
        });
    }

    static int Verify(CommandContext context, string directory, string[] named)
    {
        var (state, path) = Places(context, directory);
        if (state is null || (path is null && named.Length == 0))
            return context.Fail("auth_audit_log or auth_state_dir is empty: nothing is written", ExitCode.Config);
        var files = named.Length > 0 ? named : AuditFiles.Of(path!);
        if (files.Count == 0)
            return context.Fail($"{path} does not exist: the auth server has not written anything yet", ExitCode.Unavailable);
        var chain = new AuditChain(File.ReadAllBytes(Path.Combine(state, AuditHead.KeyName)));
        foreach (var file in files)
            AuditFiles.Read(file, (line, place) => chain.Add(line, place));
        // Of files that somebody names the last need not be the youngest.
        if (named.Length == 0)
            chain.End(Head(state), files[^1]);
        foreach (var finding in chain.Findings)
            context.Output.WriteLine($"{finding.Place}: {(finding.IsWrong ? "" : "note: ")}{finding.What}");
        var wrong = chain.Findings.Count(f => f.IsWrong);
        context.Output.WriteLine($"{chain.Genuine} lines are as they were written{(chain.Genuine > 0 ? $" ({chain.First} to {chain.Last})" : "")}; {(wrong == 0 ? "nothing is wrong" : wrong == 1 ? "1 thing is wrong" : $"{wrong} things are wrong")}");
        return wrong == 0 ? ExitCode.Ok : 1;
    }

    static int Show(CommandContext context, string directory, string[] words)
    {
        var (most, since, until, user) = (int.MaxValue, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, (string?)null);
        for (var i = 0; i < words.Length; i++)
        {
            var value = i + 1 < words.Length ? words[i + 1] : "";
            if (words[i] is "-n" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most > 0
                || words[i] is "-s" && TryTime(value, out since) || words[i] is "-u" && TryTime(value, out until))
                i++;
            else if (words[i].StartsWith('-') || user is not null)
                return context.Fail(Usage, ExitCode.Usage);
            else
                user = words[i];
        }
        var (state, path) = Places(context, directory);
        if (user is null)
            return context.Fail(Usage, ExitCode.Usage);
        if (state is null || path is null)
            return context.Fail("auth_audit_log or auth_state_dir is empty: nothing is written", ExitCode.Config);
        var key = File.ReadAllBytes(Path.Combine(state, AuditHead.KeyName));
        var shown = new Queue<string>();
        foreach (var file in AuditFiles.Of(path))
        {
            AuditFiles.Read(file, (bytes, _) =>
            {
                if (AuditLine.TryParse(bytes, key) is not { } line || !Concerns(line.Entry, user) || line.Entry.Time < since || line.Entry.Time > until)
                    return;
                if (shown.Count == most)
                    shown.Dequeue();
                shown.Enqueue(Text(line));
            });
        }
        foreach (var text in shown)
            context.Output.WriteLine(text);
        return shown.Count > 0 ? ExitCode.Ok : context.Fail($"nothing is written about {user} there", ExitCode.NoUser);
    }

    static bool Concerns(AuditEntry entry, string user) =>
        entry.Event == AuditEntry.Login && new[] { entry.User, entry.Given, entry.Master }.Contains(user, StringComparer.OrdinalIgnoreCase);

    static string Text(AuditLine line)
    {
        var entry = line.Entry;
        string?[] words =
        [
            entry.Time.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), entry.Result, entry.User, entry.Service, entry.Mechanism,
            entry.Address.Length > 0 ? $"from {entry.Address}" : null, entry.Security.Length > 0 ? entry.Security : null,
            entry.Given.Length > 0 ? $"given {entry.Given}" : null, entry.Master.Length > 0 ? $"by {entry.Master}" : null,
            entry.AppPassword.Length > 0 ? $"app password {entry.AppPassword}" : null, entry.Passdb.Length > 0 ? $"passdb {entry.Passdb}" : null,
            entry.Session.Length > 0 ? $"<{entry.Session}>" : null, entry.Reason.Length > 0 ? $": {entry.Reason}" : null, line.IsGenuine ? null : "(CHANGED OR FORGED)",
        ];
        // What a client has sent may be anything: a terminal is not to obey it.
        return Sasl.Hosting.Logging.DaemonLog.Printable(string.Join(' ', words.Where(w => w is not null)));
    }

    static (string? State, string? Path) Places(CommandContext context, string directory)
    {
        var settings = MailConfiguration.Load(directory, context.System()).Configuration.Dovecot.Settings;
        var (state, path) = (settings.Text(DovecotConf.AuthStateDir), settings.Text(DovecotConf.AuthAuditLog));
        return (state.Length > 0 ? state : null, state.Length > 0 && path.Length > 0 ? Path.Combine(state, path) : null);
    }

    static AuditHead? Head(string state) => Path.Combine(state, AuditHead.FileName) is var path && File.Exists(path) ? AuditHead.TryParse(File.ReadAllBytes(path)) : null;

    static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out time);
}
