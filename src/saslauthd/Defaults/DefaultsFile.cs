using Sasl.Hosting.Configuration;

namespace Saslauthd.Defaults;

/// <summary>
/// A distribution's file of shell variables (/etc/default/saslauthd, /etc/sysconfig/saslauthd) as options. It is read, never run. Every problem has its line; the
/// value of each variable is judged as the command line would be.
/// </summary>
static class DefaultsFile
{
    /// <summary>What Debian's script takes when OPTIONS is empty.</summary>
    const string DebianOptions = "-c -m /var/run/saslauthd";

    public static DefaultsOptions Parse(string file, string text, List<Problem> problems)
    {
        var variables = ShellVariables.Parse(file, text, problems);
        if (DefaultsDialect.Of(variables.Keys) is not { } dialect)
        {
            problems.Add(new(file, 0, "no variable that says how to start saslauthd (MECHANISMS and OPTIONS, or MECH, SOCKETDIR and FLAGS)"));
            return new([], dialect: null);
        }
        var options = new DefaultsOptions([], dialect);
        foreach (var (name, (value, line)) in variables.OrderBy(v => v.Value.Line))
        {
            if (!dialect.Variables.TryGetValue(name, out var role))
                problems.Add(Unknown(file, line, name, dialect));
            else if (role == VariableRole.Start)
                options.IsEnabled = value == "yes";
            else if (value.Trim().Length > 0)
                Take(new(file, line, name), role, value.Trim(), options, problems);
        }
        if (dialect == DefaultsDialect.Debian)
            AsDebiansScript(file, variables, options, problems);
        if (!problems.Any(p => !p.IsWarning) && !options.Letters.Contains('a'))
            problems.Add(new(file, 0, $"no mechanism: {dialect.Variables.FirstOrDefault(v => v.Value == VariableRole.Mechanisms).Key ?? "-a"} is not set"));
        return options;
    }

    static void Take(Place place, VariableRole role, string value, DefaultsOptions options, List<Problem> problems)
    {
        string[] words = role switch
        {
            VariableRole.Mechanisms => ["-a", value],
            VariableRole.MechanismOption => ["-O", value],
            VariableRole.Workers => ["-n", value],
            VariableRole.Directory => ["-m", value],
            VariableRole.Options => value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            _ => [],
        };
        if (Complaint(role, value, words) is var (message, suggestion))
            problems.Add(new(place.File, place.Line, $"{place.Name}: {message}", suggestion));
        else
            options.Arguments.AddRange(words);
    }

    static (string Message, string? Suggestion)? Complaint(VariableRole role, string value, string[] words)
    {
        if (role == VariableRole.Mechanisms && value.Any(char.IsWhiteSpace))
            return ($"several mechanisms have commas between them: \"{value}\"", string.Join(',', value.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries)));
        if (role == VariableRole.Workers && !value.All(char.IsAsciiDigit))
            return ($"not a number: \"{value}\"", null);
        var read = ShortOptions.Parse(words, CommandLine.Letters);
        if (read.Operands is [var operand, ..])
            return ($"\"{operand}\" is no option", null);
        // Of the whole line only this part: a mechanism is there, so that only what is wrong here is told.
        string[] line = read.Options.Any(o => o.Letter == 'a') ? words : ["-a", MechanismTable.All.Keys.First(), .. words];
        return CommandLine.Parse(line).Refusal is { } refusal ? (refusal.Text?.Trim() ?? "asks for the usage text", null) : null;
    }

    /// <summary>What /etc/init.d/saslauthd sees to before it starts the daemon.</summary>
    static void AsDebiansScript(string file, IReadOnlyDictionary<string, ShellVariable> variables, DefaultsOptions options, List<Problem> problems)
    {
        if (variables.GetValueOrDefault("START").Value != "yes")
            options.IsEnabled = false;
        var (given, line) = variables.TryGetValue("OPTIONS", out var set) ? set : variables.GetValueOrDefault("PARAMS");
        if (string.IsNullOrWhiteSpace(given) && !variables.ContainsKey("PWDIR"))
        {
            problems.Add(new(file, line, $"OPTIONS is not set: {DebianOptions}", IsWarning: true));
            options.Arguments.AddRange(DebianOptions.Split(' '));
        }
        if (options.Letters.Contains('d'))
            problems.Add(new(file, line, "OPTIONS: the debug option (-d) is not for a service"));
        if (!options.Letters.Contains('m'))
            problems.Add(new(file, line, "OPTIONS: no run directory (-m)", $"{given} -m /var/run/saslauthd"));
    }

    static Problem Unknown(string file, int line, string name, DefaultsDialect dialect) =>
        DefaultsDialect.All.FirstOrDefault(d => d.Variables.ContainsKey(name)) is { } other
            ? new(file, line, $"{name} is a variable of {other.Name}'s, the others here are {dialect.Name}'s")
            : new(file, line, $"{name} means nothing to saslauthd", NearMiss.Find(name, dialect.Variables.Keys), IsWarning: true);

    readonly record struct Place(string File, int Line, string Name);
}

/// <summary>What a file amounts to.</summary>
sealed class DefaultsOptions(List<string> arguments, DefaultsDialect? dialect)
{
    public List<string> Arguments => arguments;

    /// <summary>The options that are among them.</summary>
    public IReadOnlySet<char> Letters => ShortOptions.Parse([.. arguments], CommandLine.Letters).Options.Select(o => o.Letter).ToHashSet();

    public DefaultsDialect? Dialect => dialect;

    /// <summary>Debian's START: without "yes" there is nothing to be started, and that is no failure.</summary>
    public bool IsEnabled { get; set; } = true;
}
