using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>Files of shell variables: nothing is run, names are names, and values in single quotes come back as they were.</summary>
static class ShellVariablesTarget
{
    public static readonly string[] Seeds = ["START=yes\nOPTIONS=\"-c -m /run/x\"\nexport A='b c'\nB=$A${A}x\\ y # comment\n", "X=`id`\nY=$(id)\nZ=a;b\nW=\"unterminated\n", "A=$\nA=${\nA=${A\n=x\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var values = Values(Bytes.Utf8(input));
        Check.That(values.Keys.All(k => k.Length > 0 && k.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')), "a name that is none");
        var plain = values.Where(v => !v.Value.Contains('\'')).ToList();
        var again = Values(string.Concat(plain.Select(v => $"{v.Key}='{v.Value}'\n")));
        Check.SameItems(plain.OrderBy(v => v.Key, StringComparer.Ordinal), again.OrderBy(v => v.Key, StringComparer.Ordinal), "variables written again");
    }

    static Dictionary<string, string> Values(string text) => ShellVariables.Parse("default", text, []).ToDictionary(v => v.Key, v => v.Value.Value);
}
