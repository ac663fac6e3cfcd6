using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>What makes a daemon of a process that was started from a shell.</summary>
public static partial class Sessions
{
    /// <summary>A session of its own: no terminal's hang-up or Ctrl-C reaches it any more.</summary>
    public static void Begin() => _ = setsid();

    /// <summary>Lets go of the starter's standard streams; whoever waits for them to close sees the end.</summary>
    public static void ReleaseStandardStreams()
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var descriptor = 0; descriptor < 3; descriptor++)
        {
            if (dup2(nothing, descriptor) < 0)
                throw UnixException.Last("dup2");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(SafeHandle from, int to);
}
