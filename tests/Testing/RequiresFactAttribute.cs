using Sasl.Hosting.Unix;
using Xunit;

namespace Testing;

/// <summary>A test that needs root or a real peer; where they are missing the skip says what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    /// <param name="mounts">It puts files of its own in place of the system's, in a mount namespace that nobody else sees.</param>
    public RequiresFactAttribute(bool root = false, string? program = null, bool mounts = false) => Skip = Missing.Reason(root, program) ?? (mounts ? Missing.Mounts.Value : null);
}

/// <inheritdoc cref="RequiresFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresTheoryAttribute : TheoryAttribute
{
    public RequiresTheoryAttribute(bool root = false, string? program = null) => Skip = Missing.Reason(root, program);
}

static class Missing
{
    public static readonly Lazy<string?> Mounts = new(() =>
    {
        using var unshare = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("unshare", ["-m", "true"]) { RedirectStandardError = true })!;
        unshare.WaitForExit();
        return unshare.ExitCode == 0 ? null : "needs a private mount namespace, which is refused here (CAP_SYS_ADMIN)";
    });

    /// <param name="program">Absolute, or beneath the checkout for one that is only unpacked.</param>
    public static string? Reason(bool root, string? program) =>
        root && !Identity.IsRoot ? "needs root"
        : program is not null && !File.Exists(Path.Combine(Binaries.Root, program)) ? $"needs {program}: scripts/dependencies test"
        : null;
}
