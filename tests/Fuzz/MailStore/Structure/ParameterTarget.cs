using MailStore.Structure;

namespace Fuzz;

/// <summary>Content-Type and its like: value and parameters, each name once in our joined form, no longer than the text (CVE-2026-27859: floods of RFC 2231 pieces).</summary>
static class ParameterTarget
{
    public static readonly string[] Seeds =
    [
        "text/plain; charset=\"utf-8\"; format=flowed", "a; x*0=1; x*1=2; x*0*=3; x*199=9", "attachment; filename*=utf-8''%e2%82%ac.txt (comment (nested))", "a;;;==;=\"", "a/b; n*0*=x; n*1=\"y\\\"\"; n=z", "a; x*0=1; x*0=1; y*0=2; x*1=3",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var text = Bytes.Utf8(input);
        var (value, parameters) = ParameterReader.Read(text);
        Check.That(value.Length <= text.Length, "the value is longer than the text");
        Check.That(parameters.All(p => p.Key.Length > 0), "a parameter without a name");
        Check.That(parameters.Sum(p => (long)p.Value.Length) <= text.Length, "values longer than the text");
    }
}
