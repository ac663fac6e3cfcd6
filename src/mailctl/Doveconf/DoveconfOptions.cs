using Sasl.Hosting.Configuration;

namespace MailControl.Doveconf;

/// <summary>What doveconf was asked.</summary>
sealed record DoveconfOptions
{
    public const string Usage =
        "usage: doveconf [-c config_file] [-a (all settings, default)] [-d (defaults)] [-n (non-default settings)] [-h (no names)] [name...]";

    /// <summary>a, d or n.</summary>
    public char Mode { get; init; } = 'a';

    public string? File { get; init; }

    /// <summary>Of those that are named below: with all of them nobody could tell which is which.</summary>
    public bool HideNames { get; init; }

    /// <summary>Settings, sections ("passdb") and what is in one ("service/auth/client_limit"); none: everything.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Null, with an error, when the command line is not one.</summary>
    public static DoveconfOptions? Parse(IReadOnlyList<string> arguments, out string? error)
    {
        var line = ShortOptions.Parse([.. arguments], "ac:CdF:f:hHm:nNpPSt:wx");
        error = line.Problem is null ? null : $"{line.Problem}\n{Usage}";
        var options = new DoveconfOptions { Names = line.Operands };
        foreach (var (letter, argument) in line.Options)
        {
            options = letter switch
            {
                'a' or 'd' or 'n' => options with { Mode = letter },
                'c' => options with { File = argument },
                'h' => options with { HideNames = true },
                _ => options,
            };
            if (letter == 'P')
                error ??= "-P: secrets are never shown";
            else if (!"acdhn".Contains(letter))
                error ??= $"-{letter} is not implemented in this version\n{Usage}";
        }
        return error is null ? options : null;
    }
}
