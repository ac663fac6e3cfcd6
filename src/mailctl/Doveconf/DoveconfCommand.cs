using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;

namespace MailControl.Doveconf;

/// <summary>
/// doveconf(1) for dovecot.conf: shows what is in force. What is wrong with the file goes to the error output, and the status is then 1. Secrets are shown
/// to nobody.
/// </summary>
static class DoveconfCommand
{
    public static Command Command { get; } = new("doveconf", "[-a|-d|-n] [-h] [-c FILE] [NAME...]: show settings of dovecot.conf", ["doveconf"], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        if (DoveconfOptions.Parse(arguments, out var error) is not { } options)
            return Task.FromResult(context.Fail($"Fatal: {error}", ExitCode.Usage));
        var problems = new List<Problem>();
        DovecotSection root;
        if (options.Mode == 'd')
            root = DovecotFile.Parse("dovecot.conf", "", problems);
        else if ((options.File ?? ConfigurationPlaces.Find(CommandContext.DefaultDirectory).DovecotConf) is { } file && File.Exists(file))
            root = DovecotFile.Load(Path.GetFullPath(file), problems);
        else
            return Task.FromResult(context.Fail($"Fatal: {options.File ?? Path.Combine(CommandContext.DefaultDirectory, "dovecot.conf")}: No such file or directory"));
        var configuration = DovecotCheck.Run(root, options.Mode == 'd' ? [] : problems);
        foreach (var problem in problems.Where(p => !p.IsWarning))
            context.Error.WriteLine($"{context.Program}: Error: {problem}");
        var entries = DoveconfTree.Build(configuration, options.Mode);
        var isWrong = problems.Exists(p => !p.IsWarning);
        if (options.Names.Count == 0)
        {
            if (options.Mode != 'd')
                context.Output.WriteLine($"# {root.File}");
            foreach (var entry in entries)
                Print(context.Output, entry, "", entry.Name);
        }
        foreach (var name in options.Names)
        {
            var found = DoveconfEntry.Find(entries, name).ToList();
            if (found.Count == 0 && DovecotConf.Table.Find(name) is null && name is not ("passdb" or "userdb" or "service" or "protocol"))
            {
                var meant = DovecotConf.Table.Suggest(name);
                isWrong = true;
                context.Error.WriteLine($"{context.Program}: Error: Unknown setting: {name}{(meant is null ? "" : $" (did you mean \"{meant}\"?)")}");
            }
            foreach (var (path, entry) in found)
                Print(context.Output, entry, "", options.HideNames ? "" : path);
        }
        return Task.FromResult(isWrong ? 1 : 0);
    }

    /// <param name="name">As which a setting is shown; empty: its value only.</param>
    static void Print(TextWriter output, DoveconfEntry entry, string indent, string name)
    {
        if (entry.Value is { } value)
        {
            output.WriteLine(name.Length == 0 ? DoveconfValue.Quoted(value) : $"{indent}{name} = {DoveconfValue.Quoted(value)}");
            return;
        }
        var argument = entry.Argument.AsSpan().IndexOfAny(' ', '\t') < 0 ? entry.Argument : $"\"{entry.Argument}\"";
        output.WriteLine($"{indent}{entry.Name} {argument}{(argument.Length > 0 ? " " : "")}{{");
        foreach (var child in entry.Children)
            Print(output, child, indent + "  ", child.Name);
        output.WriteLine($"{indent}}}");
    }
}
