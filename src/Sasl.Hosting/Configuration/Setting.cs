namespace Sasl.Hosting.Configuration;

public enum SettingType
{
    Text,

    /// <summary>yes or no.</summary>
    Boolean,

    /// <summary>A decimal number, not negative.</summary>
    Integer,

    /// <summary>Digits and a unit: s, m, h, d, w (Dovecot also spells them out: "2 mins").</summary>
    Time,

    /// <summary>Bytes; k, M, G as units where the file's grammar has them.</summary>
    Size,

    /// <summary>Words between commas or blanks.</summary>
    List,
}

/// <summary>
/// A setting, declared once: from it come parsing, checking, near-miss suggestions, printing of defaults and the manual.
/// </summary>
/// <param name="Name">As the administrator types it. With a word in angle brackets ("krb5_&lt;service&gt;_instance") it stands for many: <see cref="Of"/>.</param>
/// <param name="Default">In the file's own syntax; may refer to other settings ($name) where the grammar has that.</param>
/// <param name="Help">One line for the manual.</param>
public sealed record Setting(string Name, SettingType Type, string Default, string Help)
{
    static readonly System.Buffers.SearchValues<char> _wordCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Smallest value of an integer, time in seconds or size.</summary>
    public long Minimum { get; init; }

    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>For a text setting: the only words allowed. Empty: anything.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The unit of a time written without one: s, m, h, d or w.</summary>
    public char Unit { get; init; } = 's';

    /// <summary>Known to the originals but not done here: setting it is reported, never silently ignored.</summary>
    public bool IsUnsupported { get; init; }

    /// <summary>A password: printed nowhere, and a file with it that everybody can read is reported.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Not expanded when it is read: its $names mean something only at the time of use ($home in forward_path).</summary>
    public bool IsRaw { get; init; }

    /// <summary>Other names of the setting, older ones mostly.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Says what is wrong with a value that the type allows, or null when nothing is.</summary>
    public Func<string, string?>? Check { get; init; }

    /// <summary>Works out a default that depends on the system or on other settings; null when <see cref="Default"/> is all there is.</summary>
    public Func<Settings, string>? Compute { get; init; }

    /// <summary>The setting for one word, of a name that stands for many.</summary>
    public Setting Of(string word) => this with { Name = $"{Name[..Name.IndexOf('<')]}{word}{Name[(Name.IndexOf('>') + 1)..]}" };

    /// <summary>Whether the name stands for many and this is one of them.</summary>
    public bool Covers(string name)
    {
        var (open, close) = (Name.IndexOf('<'), Name.IndexOf('>'));
        if (open < 0 || close < open || name.Length <= open + Name.Length - close - 1)
            return false;
        var word = name.AsSpan(open, name.Length - open - (Name.Length - close - 1));
        return name.StartsWith(Name[..open], StringComparison.Ordinal) && name.EndsWith(Name[(close + 1)..], StringComparison.Ordinal)
            && word.IndexOfAnyExcept(_wordCharacters) < 0;
    }
}
