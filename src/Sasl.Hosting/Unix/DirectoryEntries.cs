using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

public enum EntryType { Unknown = 0, Pipe = 1, Directory = 4, Regular = 8, Link = 10, Socket = 12 }

/// <summary>Sees one name of a directory: raw bytes, since a name need not be text.</summary>
public delegate void EntryVisitor(ReadOnlySpan<byte> name, EntryType type);

/// <summary>Lists a directory by its handle with getdents64(2): no path is looked up again and no file is touched.</summary>
public static unsafe partial class DirectoryEntries
{
    /// <summary>Visits every entry but "." and "..", in no order. Returns after the visitor saw them all.</summary>
    public static void Visit(SafeHandle directory, EntryVisitor visit)
    {
        // The position belongs to the open file description, so each listing has its own.
        using var own = Files.OpenDirectoryAt(directory, ".");
        const int size = 32768;
        var buffer = (byte*)NativeMemory.Alloc(size);
        try
        {
            nint count;
            while ((count = getdents64(own, buffer, size)) > 0)
                for (var at = buffer; at < buffer + count; at += *(ushort*)(at + 16))
                {
                    var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(at + 19);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                        visit(name, (EntryType)at[18]);
                }
            if (count < 0)
                throw UnixException.Last("getdents64");
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }

    /// <summary>Renames a file whose name need not be text; fails with EEXIST when the target is there.</summary>
    public static void RenameNew(SafeHandle from, ReadOnlySpan<byte> oldName, SafeHandle to, string newName)
    {
        var terminated = new byte[oldName.Length + 1];
        oldName.CopyTo(terminated);
        fixed (byte* p = terminated)
        {
            if (renameat2(from, p, to, newName, 1) != 0)
                throw UnixException.Last($"rename to {newName}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(SafeHandle directory, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(SafeHandle from, byte* oldName, SafeHandle to, string newName, uint flags);
}
