using Sasl.Hosting.Configuration;

namespace MailControl.Postconf;

/// <summary>What postconf was asked: a mode, how to print, names or name=value pairs.</summary>
sealed record PostconfOptions
{
    public const string Usage =
        "usage: postconf [-c config_dir] [-d (parameter defaults)] [-e (edit configuration)] [-f (fold lines)] [-h (no names)] [-H (no values)] "
        + "[-n (non-default parameters)] [-o name=value (override parameter value)] [-p (main.cf, default)] [-x (expand parameter values)] "
        + "[-X (exclude)] [-# (comment-out)] [name...]";

    /// <summary>d, e, n, X or #; 0 is to show everything.</summary>
    public char Mode { get; init; }

    public string? Directory { get; init; }

    public bool HideNames { get; init; }

    public bool HideValues { get; init; }

    public bool Expand { get; init; }

    public bool Fold { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Overrides { get; init; } = [];

    public IReadOnlyList<string> Names { get; init; } = [];

    public static PostconfOptions? Parse(IReadOnlyList<string> arguments, out string? error)
    {
        var options = new PostconfOptions();
        var overrides = new List<KeyValuePair<string, string>>();
        var i = 0;
        for (; i < arguments.Count && arguments[i] is ['-', _, ..] && arguments[i] != "--"; i++)
        {
            for (var j = 1; j < arguments[i].Length; j++)
            {
                var option = arguments[i][j];
                if (option is 'c' or 'o')
                {
                    var value = j + 1 < arguments[i].Length ? arguments[i][(j + 1)..] : ++i < arguments.Count ? arguments[i] : null;
                    if (value is null)
                        return Wrong($"option requires an argument -- '{option}'", out error);
                    if (option == 'c')
                        options = options with { Directory = value };
                    else if (PostfixFile.TrySplit(value, out var name, out var text, out error))
                        overrides.Add(new(name, text));
                    else
                        return null;
                    break;
                }
                if (option is 'd' or 'e' or 'n' or 'X' or '#')
                {
                    if (options.Mode != 0 && options.Mode != option)
                        return Wrong($"specify one of -{options.Mode} -{option}", out error);
                    options = options with { Mode = option };
                }
                else if (option is 'h')
                    options = options with { HideNames = true };
                else if (option is 'H')
                    options = options with { HideValues = true };
                else if (option is 'x')
                    options = options with { Expand = true };
                else if (option is 'f')
                    options = options with { Fold = true };
                else if (option is not ('p' or 'v' or 'q'))
                    return Wrong("aAbCFjlmMPtT".Contains(option) ? $"-{option} is not implemented in this version" : $"invalid option -- '{option}'\n{Usage}", out error);
            }
        }
        if (i < arguments.Count && arguments[i] == "--")
            i++;
        options = options with { Names = [.. arguments.Skip(i)], Overrides = overrides };
        // "postconf name=value" edits as well.
        if (options.Mode == 0 && options.Names.Any(n => n.Contains('=')))
            options = options with { Mode = 'e' };
        error = null;
        return options;
    }

    static PostconfOptions? Wrong(string message, out string? error)
    {
        error = message;
        return null;
    }
}
