using Sasl.Hosting.Configuration;

namespace Saslauthd.Defaults;

/// <summary>"--defaults FILE": the options are in the first of these files that is there; what stands behind them on the command line is added.</summary>
/// <param name="Arguments">The options.</param>
/// <param name="File">Where they are from.</param>
sealed record DefaultsArguments(IReadOnlyList<string> Arguments, string File, bool IsEnabled)
{
    const string Word = "--defaults";

    /// <summary>Null, and a problem, when there is no file.</summary>
    public static DefaultsArguments? Expand(ReadOnlySpan<string> arguments, List<Problem> problems)
    {
        var files = new List<string>();
        while (arguments is [Word, var next, ..])
        {
            files.Add(next);
            arguments = arguments[2..];
        }
        if (files.FirstOrDefault(System.IO.File.Exists) is not { } file)
        {
            problems.Add(new(files.LastOrDefault() ?? Word, 0, "no such file"));
            return null;
        }
        if (PostfixFile.Read(file, problems) is not { } text)
            return null;
        var options = DefaultsFile.Parse(file, text, problems);
        if (options.Dialect == DefaultsDialect.Debian && options.IsEnabled && !problems.Any(p => !p.IsWarning))
            DebianDirectory.Make(CommandLine.Parse([.. options.Arguments]).Options!.Directory, problems);
        return new([.. options.Arguments, .. arguments], file, options.IsEnabled);
    }
}
