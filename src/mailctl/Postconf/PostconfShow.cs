using System.Text;
using Sasl.Hosting.Configuration;

namespace MailControl.Postconf;

/// <summary>Prints parameters: all, the ones set (-n), the defaults (-d) or those named.</summary>
static class PostconfShow
{
    const int LineWidth = 80;

    /// <param name="file">main.cf; null shows defaults only.</param>
    public static int Run(CommandContext context, PostconfOptions options, IReadOnlyList<PostfixEntry> entries, string? file = null)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.Directory is not null && file is not null)
            values["config_directory"] = options.Directory;
        foreach (var entry in entries)
            values[entry.Name] = entry.Value;
        foreach (var (name, value) in options.Overrides)
            values[name] = value;
        var settings = MainCf.Create(values, context.System());
        var userDefined = UserDefined(settings);
        Undefined(context, settings, file);

        foreach (var name in Wanted(options, settings, userDefined, context))
        {
            var value = settings.Raw(name)!;
            if (options.Expand && !MainCfExpansion.TryExpand(settings.Raw, value, out value, out var error))
                return context.Fail($"fatal: {name}: {error}");
            context.Output.WriteLine(Line(name, OneLine(value), options));
        }
        foreach (var (name, value) in values)
        {
            if (file is not null && MainCf.Table.Find(name) is null && !MainCfOthers.Contains(name) && !userDefined.Contains(name))
                context.Warn($"{file}: unused parameter: {name}={value}");
        }
        return 0;
    }

    static IEnumerable<string> Wanted(PostconfOptions options, Settings settings, HashSet<string> userDefined, CommandContext context)
    {
        var isKnown = (string name) => MainCf.Table.Find(name) is not null || userDefined.Contains(name)
            || (MainCfOthers.Contains(name) && settings.Explicit.ContainsKey(name));
        if (options.Names.Count > 0)
        {
            foreach (var name in options.Names)
            {
                if (!isKnown(name))
                    context.Warn($"{name}: {(MainCfOthers.Contains(name) ? "parameter is not implemented in this version" : "unknown parameter")}{Meant(name)}");
                else if (options.Mode != 'n' || settings.Explicit.ContainsKey(name))
                    yield return name;
            }
            yield break;
        }
        var all = options.Mode == 'n' ? settings.Explicit.Keys.Where(isKnown) : MainCf.Table.All.Select(s => s.Name).Concat(settings.Explicit.Keys.Where(isKnown)).Distinct();
        foreach (var name in all.Order(StringComparer.Ordinal))
            yield return name;

        string Meant(string name) => !MainCfOthers.Contains(name) && MainCf.Table.Suggest(name) is { } meant ? $" (did you mean \"{meant}\"?)" : "";
    }

    /// <summary>Names that no table has and that a value refers to: main.cf may define its own.</summary>
    static HashSet<string> UserDefined(Settings settings)
    {
        var names = settings.Explicit.Values.SelectMany(MainCfExpansion.References).ToHashSet(StringComparer.Ordinal);
        names.UnionWith(settings.List(MainCf.SmtpdRestrictionClasses));
        names.RemoveWhere(n => !settings.Explicit.ContainsKey(n) || MainCf.Table.Find(n) is not null || MainCfOthers.Contains(n));
        return names;
    }

    static void Undefined(CommandContext context, Settings settings, string? file)
    {
        var names = settings.Explicit.Where(e => MainCf.Table.Find(e.Key)?.IsRaw is not true).SelectMany(e => MainCfExpansion.References(e.Value)).Distinct();
        foreach (var name in names.Where(n => settings.Raw(n) is null && !MainCfOthers.Contains(n)))
            context.Warn($"{file}: undefined parameter: {name}");
    }

    static string Line(string name, string value, PostconfOptions options) =>
        options.HideValues ? name
        : Folded(options.HideNames ? value : value.Length == 0 ? $"{name} =" : $"{name} = {value}", options.Fold);

    /// <summary>-f: lines of at most 80 columns where blanks allow it, continued with four blanks.</summary>
    static string Folded(string line, bool fold)
    {
        if (!fold || line.Length <= LineWidth)
            return line;
        var text = new StringBuilder();
        var column = 0;
        foreach (var word in line.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > LineWidth)
            {
                text.Append("\n    ");
                column = 4;
            }
            else if (text.Length > 0)
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
        }
        return text.ToString();
    }

    static string OneLine(string value) => string.Join(' ', value.Split([' ', '\t', '\r', '\n', '\f', '\v'], StringSplitOptions.RemoveEmptyEntries));
}
