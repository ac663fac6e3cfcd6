using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>stat beneath a directory handle and of an open file.</summary>
public static unsafe partial class Files
{
    /// <summary>O_NONBLOCK: opening a pipe or a device that somebody put in place of a file must not wait.</summary>
    public const int NonBlocking = 0x800;

    /// <summary>What a name beneath a directory is, a link itself not followed; null when there is nothing.</summary>
    public static FileStatus? StatusAt(SafeHandle directory, string name)
    {
        const int noFollow = 0x100, basicStats = 0x7ff;
        var raw = stackalloc byte[256];
        if (statxAt(directory, name, noFollow, basicStats, raw) == 0)
            return Decode(raw);
        return Marshal.GetLastPInvokeError() is UnixException.ENOENT or UnixException.ENOTDIR ? null : throw UnixException.Last($"stat {name}");
    }

    public static FileStatus Status(SafeHandle file)
    {
        const int emptyPath = 0x1000, basicStats = 0x7ff;
        var raw = stackalloc byte[256];
        return statxAt(file, "", emptyPath, basicStats, raw) == 0 ? Decode(raw) : throw UnixException.Last("stat");
    }

    static FileStatus Decode(byte* raw)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(*(long*)(raw + 112)).AddTicks(*(uint*)(raw + 120) / 100);
        return new(*(ushort*)(raw + 28), *(uint*)(raw + 20), *(uint*)(raw + 24), *(ulong*)(raw + 32), *(long*)(raw + 40), at)
        {
            Links = *(uint*)(raw + 16),
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statxAt(SafeHandle directory, string path, int flags, uint mask, byte* result);
}
