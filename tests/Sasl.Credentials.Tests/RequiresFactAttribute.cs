using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Tests;

/// <summary>A test that needs root or a real peer; where they are missing the skip says what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RequiresFactAttribute : FactAttribute
{
    public RequiresFactAttribute(bool root = false, string? program = null) => Skip = Missing.Reason(root, program);
}

[AttributeUsage(AttributeTargets.Method)]
sealed class RequiresTheoryAttribute : TheoryAttribute
{
    public RequiresTheoryAttribute(bool root = false, string? program = null) => Skip = Missing.Reason(root, program);
}

static class Missing
{
    public static string? Reason(bool root, string? program) =>
        root && !Identity.IsRoot ? "needs root: makes accounts and reads /etc/shadow"
        : program is not null && !File.Exists(program) ? $"needs {program} (Debian package sasl2-bin)"
        : null;
}
