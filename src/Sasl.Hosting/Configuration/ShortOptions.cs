using System.Globalization;

namespace Sasl.Hosting.Configuration;

/// <summary>One option as it stood on the command line; <see cref="Argument"/> is null when it takes none.</summary>
public readonly record struct ShortOption(char Letter, string? Argument)
{
    /// <summary>The argument as atoi(3) reads it: what begins with no number is 0, what follows one is ignored.</summary>
    public int Number
    {
        get
        {
            var text = (Argument ?? "").TrimStart(' ', '\t');
            var end = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            return int.TryParse(text.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
        }
    }
}

/// <summary>A command line read as getopt(3) reads it.</summary>
/// <param name="Problem">In getopt's words, or null.</param>
public sealed record ShortOptions(IReadOnlyList<ShortOption> Options, IReadOnlyList<string> Operands, string? Problem)
{
    /// <summary>
    /// Letters as getopt takes them: "a:d" is -a with an argument ("-ax" or "-a x") and -d without. Options end at "--" or, as POSIX
    /// wants it, at the first operand. Nothing after the first mistake is read.
    /// </summary>
    public static ShortOptions Parse(ReadOnlySpan<string> arguments, string letters)
    {
        var options = new List<ShortOption>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var word = arguments[i];
            if (word is "--")
                return new(options, arguments[(i + 1)..].ToArray(), null);
            if (word.Length < 2 || word[0] != '-')
                return new(options, arguments[i..].ToArray(), null);
            for (var j = 1; j < word.Length; j++)
            {
                var known = word[j] == ':' ? -1 : letters.IndexOf(word[j]);
                if (known < 0)
                    return new(options, [], $"invalid option -- '{word[j]}'");
                if (known + 1 >= letters.Length || letters[known + 1] != ':')
                {
                    options.Add(new(word[j], null));
                    continue;
                }
                if (j + 1 < word.Length)
                    options.Add(new(word[j], word[(j + 1)..]));
                else if (i + 1 < arguments.Length)
                    options.Add(new(word[j], arguments[++i]));
                else
                    return new(options, [], $"option requires an argument -- '{word[j]}'");
                break;
            }
        }
        return new(options, [], null);
    }
}
