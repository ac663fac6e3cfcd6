using Sasl.Hosting.Unix;
using Xunit;

namespace Testing;

/// <summary>A test that needs root or a real peer; where they are missing the skip says what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    public RequiresFactAttribute(bool root = false, string? program = null) => Skip = Missing.Reason(root, program);
}

/// <inheritdoc cref="RequiresFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresTheoryAttribute : TheoryAttribute
{
    public RequiresTheoryAttribute(bool root = false, string? program = null) => Skip = Missing.Reason(root, program);
}

static class Missing
{
    /// <param name="program">Absolute, or beneath the checkout for one that is only unpacked.</param>
    public static string? Reason(bool root, string? program) =>
        root && !Identity.IsRoot ? "needs root"
        : program is not null && !File.Exists(Path.Combine(Binaries.Root, program)) ? $"needs {program}: scripts/dependencies test"
        : null;
}
