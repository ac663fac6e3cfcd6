using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sasl.Hosting.Unix;

/// <summary>A file that is nowhere (memfd_create(2)), for libraries that want a path: what root read is there for this process alone, and for no longer.</summary>
public static unsafe partial class MemoryFiles
{
    const uint CloseOnExec = 1;

    /// <summary>The file, and the path under which this process opens it for as long as the handle is open.</summary>
    /// <param name="name">For /proc, nothing else.</param>
    public static (SafeFileHandle Handle, string Path) Create(string name, ReadOnlySpan<byte> contents)
    {
        var fd = memfd_create(name, CloseOnExec);
        if (fd < 0)
            throw UnixException.Last("memfd_create");
        var handle = new SafeFileHandle(fd, true);
        RandomAccess.Write(handle, contents, 0);
        return (handle, $"/proc/self/fd/{fd}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
