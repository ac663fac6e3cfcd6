using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sasl.Hosting.Unix;

/// <summary>Type and mode bits, owner, inode, size in bytes and time of the last change of the content.</summary>
public readonly record struct FileStatus(uint Mode, uint Uid, uint Gid, ulong Inode, long Size, DateTimeOffset Modified)
{
    /// <summary>How many names the file has.</summary>
    public uint Links { get; init; }

    public bool IsSocket => (Mode & 0xF000) == 0xC000;

    public bool IsDirectory => (Mode & 0xF000) == 0x4000;

    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    public uint Permissions => Mode & 0xFFF;
}

/// <summary>
/// File calls that .NET lacks or does too kindly: opening beneath a directory without following links (openat2(2)), atomic renames,
/// directory syncs, owners. All paths given beside a directory handle are relative to it and may not leave it.
/// </summary>
public static unsafe partial class Files
{
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, Append = 0x400, Truncate = 0x200;

    const int DirectoryFlag = 0x10000, CloseOnExec = 0x80000;
    const ulong ResolveNoSymlinks = 4, ResolveBeneath = 8;

    /// <summary>Opens a directory as a handle for the calls below. Follows links in <paramref name="path"/>: give it trusted paths only.</summary>
    public static SafeFileHandle OpenDirectory(string path) => Check(open(path, DirectoryFlag | CloseOnExec, 0), "open", path);

    /// <summary>Opens a directory beneath another without following any link.</summary>
    public static SafeFileHandle OpenDirectoryAt(SafeHandle directory, string path) => OpenAt(directory, path, DirectoryFlag);

    /// <summary>
    /// Opens a file beneath <paramref name="directory"/>. No component may be a symbolic link and none may lead out of it
    /// (ELOOP, EXDEV): another user's link never makes this process write into a third one's file.
    /// </summary>
    public static SafeFileHandle OpenAt(SafeHandle directory, string path, int flags, uint mode = 0) =>
        OpenAt(directory, path, flags, mode, (flags & Create) != 0);

    static SafeFileHandle OpenAt(SafeHandle directory, string path, int flags, uint mode, bool hasMode)
    {
        OpenHow how;
        how.Flags = (ulong)(uint)(flags | CloseOnExec);
        how.Mode = hasMode ? mode : 0;
        how.Resolve = ResolveNoSymlinks | ResolveBeneath;
        var bytes = System.Text.Encoding.UTF8.GetByteCount(path);
        var name = stackalloc byte[bytes + 1];
        System.Text.Encoding.UTF8.GetBytes(path, new Span<byte>(name, bytes));
        name[bytes] = 0;
        nint fd;
        var added = false;
        directory.DangerousAddRef(ref added);
        try
        {
            do
                fd = syscall(437, directory.DangerousGetHandle(), name, &how, (nuint)sizeof(OpenHow));
            while (fd < 0 && Marshal.GetLastPInvokeError() == UnixException.EINTR);
        }
        finally
        {
            if (added)
                directory.DangerousRelease();
        }
        return Check((int)fd, "openat2", path);
    }

    /// <summary>A file without a name in a directory (O_TMPFILE), gone when it is closed.</summary>
    public static SafeFileHandle OpenUnnamedAt(SafeHandle directory) => OpenAt(directory, ".", 0x410000 | ReadWrite, 0x180, hasMode: true);

    /// <summary>Makes a directory beneath another. Returns false when it is there already.</summary>
    public static bool MakeDirectoryAt(SafeHandle directory, string path, uint mode)
    {
        if (mkdirat(directory, path, mode) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == UnixException.EEXIST ? false : throw UnixException.Last($"mkdir {path}");
    }

    /// <summary>Renames within or between directories, replacing an existing target.</summary>
    public static void RenameAt(SafeHandle from, string oldName, SafeHandle to, string newName)
    {
        if (renameat(from, oldName, to, newName) != 0)
            throw UnixException.Last($"rename {oldName}");
    }

    /// <summary>Renames and fails with EEXIST when the target is there (renameat2 RENAME_NOREPLACE).</summary>
    public static void RenameNewAt(SafeHandle from, string oldName, SafeHandle to, string newName)
    {
        if (renameat2(from, oldName, to, newName, 1) != 0)
            throw UnixException.Last($"rename {oldName}");
    }

    /// <summary>Removes a name. Returns false when it was not there.</summary>
    public static bool UnlinkAt(SafeHandle directory, string name)
    {
        if (unlinkat(directory, name, 0) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == UnixException.ENOENT ? false : throw UnixException.Last($"unlink {name}");
    }

    public static bool RemoveDirectoryAt(SafeHandle directory, string name)
    {
        if (unlinkat(directory, name, 0x200) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == UnixException.ENOENT ? false : throw UnixException.Last($"rmdir {name}");
    }

    /// <summary>A second name for a file, within one file system. Throws with EEXIST when the name is taken.</summary>
    public static void LinkAt(SafeHandle from, string oldName, SafeHandle to, string newName)
    {
        if (linkat(from, oldName, to, newName, 0) != 0)
            throw UnixException.Last($"link {oldName}");
    }

    /// <summary>A name for a file that was opened without one (<see cref="OpenUnnamedAt"/>). Throws with EEXIST when the name is taken.</summary>
    public static void LinkOpenAt(SafeHandle file, SafeHandle to, string newName)
    {
        const int FollowLink = 0x400;
        var added = false;
        file.DangerousAddRef(ref added);
        try
        {
            if (linkat(to, $"/proc/self/fd/{file.DangerousGetHandle()}", to, newName, FollowLink) != 0)
                throw UnixException.Last($"link {newName}");
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    /// <summary>fsync(2), of a file or a directory handle.</summary>
    public static void Sync(SafeHandle handle)
    {
        if (fsync(handle) != 0)
            throw UnixException.Last("fsync");
    }

    /// <summary>fdatasync(2): the data and what is needed to find it.</summary>
    public static void SyncData(SafeHandle handle)
    {
        if (fdatasync(handle) != 0)
            throw UnixException.Last("fdatasync");
    }

    public static void ChangeOwner(string path, uint uid, uint gid)
    {
        if (chown(path, uid, gid) != 0)
            throw UnixException.Last($"chown {path}");
    }

    public static void ChangeMode(string path, uint mode)
    {
        if (chmod(path, mode) != 0)
            throw UnixException.Last($"chmod {path}");
    }

    /// <summary>What stands under a path, links not followed; null when nothing does.</summary>
    public static FileStatus? Status(string path) => Status(path, flags: 0x100);

    /// <summary>The same of what a link points to.</summary>
    public static FileStatus? TargetStatus(string path) => Status(path, flags: 0);

    static FileStatus? Status(string path, int flags)
    {
        const int currentDirectory = -100, basicStats = 0x7ff;
        var raw = stackalloc byte[256];
        if (statx(currentDirectory, path, flags, basicStats, raw) == 0)
            return Decode(raw);
        return Marshal.GetLastPInvokeError() is UnixException.ENOENT or UnixException.ENOTDIR ? null : throw UnixException.Last($"stat {path}");
    }

    /// <summary>From now on standard error is appended to a file (mode 0640), here and in every child started later.</summary>
    public static void AppendStandardErrorTo(string path)
    {
        using var file = Check(open(path, WriteOnly | Create | Append | CloseOnExec, 0x1A0), "open", path);
        if (dup2(file, 2) < 0)
            throw UnixException.Last("dup2");
    }

    /// <summary>An exclusive open-file-description lock on the whole file, held until the handle closes. False when another holds it.</summary>
    public static bool TryLock(SafeHandle file)
    {
        FLock whole = default;
        whole.Type = 1;
        if (fcntl(file, 37, &whole) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is UnixException.EAGAIN or UnixException.EACCES ? false : throw UnixException.Last("fcntl");
    }

    /// <summary>As <see cref="TryLock"/>, with a classic POSIX record lock that other programs' fcntl locks see; lost at any close of the file.</summary>
    public static bool TryRecordLock(SafeHandle file)
    {
        FLock whole = default;
        whole.Type = 1;
        if (fcntl(file, 6, &whole) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is UnixException.EAGAIN or UnixException.EACCES ? false : throw UnixException.Last("fcntl");
    }

    static SafeFileHandle Check(int fd, string call, string path) =>
        fd >= 0 ? new SafeFileHandle(fd, true) : throw UnixException.Last($"{call} {path}");

    [StructLayout(LayoutKind.Sequential)]
    struct OpenHow
    {
        public ulong Flags, Mode, Resolve;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct FLock
    {
        public short Type, Whence;
        public long Start, Length;
        public int Pid;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint directory, byte* path, OpenHow* how, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdirat(SafeHandle directory, string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat(SafeHandle from, string oldName, SafeHandle to, string newName);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(SafeHandle from, string oldName, SafeHandle to, string newName, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlinkat(SafeHandle directory, string name, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int linkat(SafeHandle from, string oldName, SafeHandle to, string newName, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(SafeHandle old, int target);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeHandle handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeHandle handle);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint uid, uint gid);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chmod(string path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeHandle file, int command, FLock* argument);
}
