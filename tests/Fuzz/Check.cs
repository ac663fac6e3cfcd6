namespace Fuzz;

/// <summary>An invariant of a target does not hold.</summary>
sealed class FlawException(string what) : Exception(what);

static class Check
{
    public static void That(bool holds, string what)
    {
        if (!holds)
            throw new FlawException(what);
    }

    public static void Same<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new FlawException($"{what}: {expected} became {actual}");
    }

    public static void Same(byte[]? expected, byte[]? actual, string what)
    {
        That(expected is null == actual is null, $"{what} is there or not");
        Same(expected.AsSpan(), actual.AsSpan(), what);
    }

    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        if (!expected.SequenceEqual(actual))
            throw new FlawException($"{what}: {Convert.ToHexString(expected[..Math.Min(64, expected.Length)])}… became {Convert.ToHexString(actual[..Math.Min(64, actual.Length)])}…");
    }

    public static void SameItems<T>(IEnumerable<T> expected, IEnumerable<T> actual, string what)
    {
        if (!expected.SequenceEqual(actual))
            throw new FlawException($"{what}: ({string.Join("; ", expected)}) became ({string.Join("; ", actual)})");
    }

    /// <summary>What goes into a line of a protocol or a log holds nothing that would end it.</summary>
    public static void IsOneLine(string text, string what) => That(text.AsSpan().IndexOfAny('\r', '\n', '\0') < 0, $"{what} holds a line end or NUL");
}
