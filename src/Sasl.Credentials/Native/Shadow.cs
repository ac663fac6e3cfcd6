using System.Runtime.InteropServices;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Native;

/// <summary>One entry of the shadow database. Numbers are days (shadow(5)), -1 where the field is empty.</summary>
public sealed class ShadowEntry(string hash, long lastChange, long maximum, long inactive, long expires)
{
    /// <summary>Not a record: its ToString would print this.</summary>
    public string Hash { get; } = hash;

    public long LastChange { get; } = lastChange;

    public long Maximum { get; } = maximum;

    public long Inactive { get; } = inactive;

    public long Expires { get; } = expires;
}

/// <summary>getspnam(3), through NSS. Blocks, and needs root: <see cref="UnixException"/> with EACCES otherwise.</summary>
public static unsafe partial class Shadow
{
    const int LargestEntry = 1 << 20;

    public static ShadowEntry? Find(string name)
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
                var error = getspnam_r(name, &entry, p, (nuint)size, &found);
                if (error == UnixException.ERANGE && size < LargestEntry)
                    continue;
                if (error is not (0 or UnixException.ENOENT))
                    throw new UnixException("getspnam", error);
                return found == null ? null
                    : new(Marshal.PtrToStringUTF8((nint)found->Hash) ?? "", found->LastChange, found->Maximum, found->Inactive, found->Expires);
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Entry
    {
        public byte* Name, Hash;
        public nint LastChange, Minimum, Maximum, Warn, Inactive, Expires;
        public nuint Flag;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getspnam_r(string name, Entry* entry, byte* buffer, nuint size, Entry** found);
}
