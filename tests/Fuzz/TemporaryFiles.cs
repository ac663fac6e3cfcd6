using System.Runtime.CompilerServices;

namespace Fuzz;

/// <summary>Mailboxes of a run live for milliseconds: they need no disk.</summary>
static class TemporaryFiles
{
    const string Memory = "/dev/shm";

#pragma warning disable CA2255 // Before anything makes a temporary directory, whichever driver is used.
    [ModuleInitializer]
    public static void InMemory()
    {
        if (Directory.Exists(Memory))
            Environment.SetEnvironmentVariable("TMPDIR", Memory);
    }
#pragma warning restore CA2255
}
