using System.Runtime.InteropServices;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Native;

/// <summary>The password field of the passwd database (getpwnam(3)), through NSS: "x" where passwords are shadowed. Blocks.</summary>
public static unsafe partial class Passwd
{
    const int LargestEntry = 1 << 20;

    /// <summary>Null when there is no such account. <see cref="UnixException"/> when NSS itself failed.</summary>
    public static string? FindHash(string name)
    {
        if (name.Length == 0 || name.Contains('\0'))
            return null;
        for (var size = 1024; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* p = buffer)
            {
                Entry entry;
                Entry* found;
                var error = getpwnam_r(name, &entry, p, (nuint)size, &found);
                if (error == UnixException.ERANGE && size < LargestEntry)
                    continue;
                if (error is not (0 or UnixException.ENOENT or UnixException.EPERM))
                    throw new UnixException("getpwnam", error);
                return found == null ? null : Marshal.PtrToStringUTF8((nint)found->Password) ?? "";
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Entry
    {
        public byte* Name, Password;
        public uint Uid, Gid;
        public byte* Gecos, Directory, Shell;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getpwnam_r(string name, Entry* entry, byte* buffer, nuint size, Entry** found);
}
