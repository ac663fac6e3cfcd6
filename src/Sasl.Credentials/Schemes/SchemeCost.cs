namespace Sasl.Credentials.Schemes;

/// <summary>What it takes to compare a password with one stored form. The default is: next to nothing.</summary>
/// <param name="Kind">The same for all that cost the same; "" for what is compared at once.</param>
/// <param name="Setting">A text that takes as long to compare with, and that no password matches: kind, cost and a salt, never a hash.</param>
/// <param name="Memory">Bytes, where they are more than a few.</param>
/// <param name="Excess">Above what this server takes upon itself, whoever has stored it; else null.</param>
readonly record struct SchemeCost(string Kind, string Setting, long Memory = 0, string? Excess = null)
{
    /// <summary>Of one hash.</summary>
    public const long MostMemory = 256L << 20;

    /// <summary>Compared at once, on the caller's thread.</summary>
    public bool IsCheap => string.IsNullOrEmpty(Kind);
}
