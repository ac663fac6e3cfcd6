using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>The $name language: names that refer to each other end in a value or an error, both bounded; a text without '$' is itself.</summary>
static class MainCfExpansionTarget
{
    public static readonly string[] Seeds =
    [
        "$a", "${a?yes}${b:no}${c?{x}:{y}}", "${{$a} == {b} ? {yes} : {no}}", "$$ $(a) ${a", "${{3.6} <level {3.10} ? {${a}} : {$b}}", "$a$a$a$b$c ${a?${b?${c?x}}}",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        string? Lookup(string name) => name switch { "a" => "$b-$b", "b" => "$c$c", "c" => "x", "self" => "$self", "raw" => text, _ => null };
        var fine = MainCfExpansion.TryExpand(Lookup, text, out var value, out var error);
        Check.Same(fine, error is null, "whether there is an error");
        Check.That(value.Length <= (4 << 20) + (10 * text.Length), "the value grows without bound");
        Check.That(text.Contains('$') || value == text, "a text without $ is not itself");
        MainCfExpansion.TryExpand(Lookup, text.Replace("$", "$raw$"), out _, out _);
        Check.That(MainCfExpansion.References(text).All(n => text.Contains(n)), "a reference that is not in the text");
    }
}
