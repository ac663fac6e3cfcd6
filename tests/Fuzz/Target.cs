namespace Fuzz;

/// <summary>Does something with bytes of somebody else and throws when an invariant does not hold.</summary>
delegate void TargetRun(ReadOnlySpan<byte> input);

/// <summary>One line of the table.</summary>
/// <param name="Seeds">Inputs to begin with, one character a byte (Latin-1).</param>
sealed record Target(string Name, TargetRun Run, string[] Seeds)
{
    /// <summary>How many bytes a run may allocate for each byte of its input: what grows faster than the input shows here. Zero: not counted (work of other threads).</summary>
    public int MostPerByte { get; init; } = 1000;

    /// <summary>The same for an empty input.</summary>
    public int MostAtAll { get; init; } = 1024 * 1024;

    /// <summary>A run takes milliseconds, not microseconds: it gets fewer of them.</summary>
    public bool IsSlow { get; init; }
}
