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

    const string Modes = "denX#";

    const string Letters = "aA:bc:C:deF:fhHjlmMno:pPqtT:vxX#";

    /// <summary>Null, with an error, when the command line is not one.</summary>
    public static PostconfOptions? Parse(IReadOnlyList<string> arguments, out string? error)
    {
        var line = ShortOptions.Parse([.. arguments], Letters);
        error = line.Problem is null ? null : $"{line.Problem}\n{Usage}";
        var options = new PostconfOptions { Names = line.Operands };
        var overrides = new List<KeyValuePair<string, string>>();
        foreach (var (letter, argument) in line.Options)
        {
            switch (letter)
            {
                case 'd' or 'e' or 'n' or 'X' or '#' when options.Mode != 0 && options.Mode != letter:
                    error ??= Modes.IndexOf(options.Mode) < Modes.IndexOf(letter) ? $"specify one of -{options.Mode} -{letter}" : $"specify one of -{letter} -{options.Mode}";
                    break;
                case 'd' or 'e' or 'n' or 'X' or '#':
                    options = options with { Mode = letter };
                    break;
                case 'c':
                    options = options with { Directory = argument };
                    break;
                case 'h':
                    options = options with { HideNames = true };
                    break;
                case 'H':
                    options = options with { HideValues = true };
                    break;
                case 'x':
                    options = options with { Expand = true };
                    break;
                case 'f':
                    options = options with { Fold = true };
                    break;
                case 'o':
                    if (PostfixFile.TrySplit(argument!, out var name, out var value, out var fault))
                        overrides.Add(new(name, value));
                    error ??= fault;
                    break;
                case 'p' or 'q' or 'v':
                    break;
                default:
                    error ??= $"-{letter} is not implemented in this version";
                    break;
            }
        }
        // "postconf name=value" edits as well.
        if (options.Mode == 0 && options.Names.Any(n => n.Contains('=')))
            options = options with { Mode = 'e' };
        return error is null ? options with { Overrides = overrides } : null;
    }
}
