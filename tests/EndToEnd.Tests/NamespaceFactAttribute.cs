using System.Diagnostics;
using Sasl.Hosting.Unix;

namespace EndToEnd.Tests;

/// <summary>A test that needs the well-known ports and directories for itself: root that may make private namespaces.</summary>
public sealed class NamespaceFactAttribute : FactAttribute
{
    static readonly Lazy<bool> _canUnshare = new(() =>
    {
        using var unshare = Process.Start(new ProcessStartInfo("unshare", ["-m", "-n", "true"]) { RedirectStandardError = true })!;
        unshare.WaitForExit();
        return unshare.ExitCode == 0;
    });

    public NamespaceFactAttribute()
    {
        if (!Identity.IsRoot)
            Skip = "needs root: it takes the ports 25, 110 and 143 in a namespace of its own";
        else if (!_canUnshare.Value)
            Skip = "needs private mount and network namespaces, which are refused here (CAP_SYS_ADMIN)";
    }
}
