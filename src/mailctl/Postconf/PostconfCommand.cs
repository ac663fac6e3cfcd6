using Sasl.Hosting.Configuration;

namespace MailControl.Postconf;

/// <summary>postconf(1) for main.cf: shows and edits parameters.</summary>
static class PostconfCommand
{
    public static Command Command { get; } = new("postconf", "[options] [NAME...]: show or edit parameters of main.cf", ["postconf"], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        if (PostconfOptions.Parse(arguments, out var error) is not { } options)
            return Task.FromResult(context.Fail($"fatal: {error}"));
        var directory = options.Directory ?? Environment.GetEnvironmentVariable("MAIL_CONFIG") ?? CommandContext.DefaultDirectory;
        var file = ConfigurationPlaces.Find(directory).MainCf;
        if (options.Mode == 'd')
            return Task.FromResult(PostconfShow.Run(context, options, []));
        if (file is null)
            return Task.FromResult(context.Fail($"fatal: open {Path.Combine(directory, "main.cf")}: No such file or directory"));
        if (options.Mode is 'e' or 'X' or '#')
            return Task.FromResult(PostconfEdit.Run(context, options, file));
        var problems = new List<Problem>();
        var entries = PostfixFile.Read(file, problems) is { } text ? PostfixFile.Parse(file, text, problems) : [];
        foreach (var warning in problems.Where(p => p.IsWarning))
            context.Warn(Place(warning));
        if (problems.Find(p => !p.IsWarning) is { } fatal)
            return Task.FromResult(context.Fail($"fatal: {Place(fatal)}"));
        return Task.FromResult(PostconfShow.Run(context, options, entries, file));
    }

    static string Place(Problem problem) => $"{problem.File}{(problem.Line > 0 ? $", line {problem.Line}" : "")}: {problem.Message}";
}
