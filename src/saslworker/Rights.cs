using Sasl.Hosting.Unix;
using Sasl.Protocols.Saslauthd;

namespace SaslWorker;

/// <summary>The first act: root goes, for good.</summary>
static class Rights
{
    public static void GiveUp(WorkerArguments arguments)
    {
        if (arguments.Uid is { } uid && !arguments.IsReading)
        {
            if (arguments.ReadsEverything)
            {
                // The channel has to outlive the exec, and this one is the last that it shall.
                var next = arguments with { IsReading = true };
                Capabilities.BecomeWith(Capabilities.DacReadSearch, uid, arguments.Gid, [.. arguments.Groups], Environment.ProcessPath!, [.. Self(), .. next.ToArguments()]);
            }
            Identity.Drop(uid, arguments.Gid, [.. arguments.Groups]);
        }
        if (arguments.Uid is not null && Identity.IsRoot)
            throw new InvalidOperationException("still root");
        Identity.Confine(denyExec: !arguments.MayExecute);
        Identity.ForbidCoreDumps();
    }

    /// <summary>Started as "dotnet saslworker.dll" the host's first argument is the program.</summary>
    static IEnumerable<string> Self()
    {
        var first = Environment.GetCommandLineArgs()[0];
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" && first.EndsWith(".dll", StringComparison.Ordinal) ? [Path.GetFullPath(first)] : [];
    }
}
