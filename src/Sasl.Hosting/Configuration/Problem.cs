namespace Sasl.Hosting.Configuration;

/// <summary>One thing wrong with a configuration file. All of them are reported at once; an error refuses the start.</summary>
/// <param name="Line">From 1; 0 when the problem belongs to the whole file.</param>
/// <param name="Suggestion">What the administrator may have meant, or null.</param>
public sealed record Problem(string File, int Line, string Message, string? Suggestion = null, bool IsWarning = false)
{
    public override string ToString() =>
        $"{File}{(Line > 0 ? $", line {Line}" : "")}: {(IsWarning ? "warning: " : "")}{Message}{(Suggestion is null ? "" : $" (did you mean \"{Suggestion}\"?)")}";
}
