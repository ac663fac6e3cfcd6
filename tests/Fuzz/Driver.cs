namespace Fuzz;

/// <summary>What went wrong, and with which input.</summary>
sealed record Failure(string Target, byte[] Input, Exception Exception);

/// <summary>Runs a target over inputs and looks after what no target says itself: that it ends, and what it allocates.</summary>
static class Driver
{
    public const int LongestInput = 16 * 1024;

    /// <summary>The first failure, or null.</summary>
    /// <param name="began">Told each input before it is run: what kills the process is known afterwards.</param>
    public static Failure? Run(Target target, int seed, int first, int runs, int longest = LongestInput, Action<byte[]>? began = null)
    {
        var mutator = new Mutator(target.Seeds, longest);
        for (var run = first; run < first + runs; run++)
        {
            var input = mutator.Make(seed, run);
            began?.Invoke(input);
            if (Once(target, input) is { } exception)
                return new(target.Name, input, exception);
        }
        return null;
    }

    /// <summary>One run; null when all is well.</summary>
    public static Exception? Once(Target target, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        catch (Exception failure)
        {
            return failure;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var bound = target.MostAtAll + ((long)target.MostPerByte * input.Length);
        return target.MostPerByte > 0 && allocated > bound
            ? new FlawException($"{allocated} bytes were allocated for {input.Length} bytes of input; {bound} are allowed") : null;
    }

    /// <summary>The shortest input found by leaving pieces out that still fails in the same way.</summary>
    public static byte[] Shorten(Target target, Failure failure)
    {
        var best = failure.Input;
        for (var piece = best.Length / 2; piece > 0; piece = piece > 1 ? piece / 2 : 0)
        {
            for (var at = 0; at + piece <= best.Length;)
            {
                byte[] shorter = [.. best[..at], .. best[(at + piece)..]];
                if (Once(target, shorter)?.GetType() == failure.Exception.GetType())
                    best = shorter;
                else
                    at += piece;
            }
        }
        return best;
    }
}
