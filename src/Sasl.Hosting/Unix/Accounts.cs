using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>One entry of the passwd database (getpwnam(3)).</summary>
public sealed record Account(string Name, uint Uid, uint Gid, string Gecos, string Home, string Shell);

/// <summary>The system's user and group databases, through NSS. Blocks: never call it on a thread that serves connections in bulk.</summary>
public static unsafe partial class Accounts
{
    const int LargestEntry = 1 << 20, MostAccounts = 1_000_000;

    static readonly Lock _enumeration = new();

    /// <summary>The account of that name, or null when there is none. <see cref="UnixException"/> when NSS itself failed.</summary>
    public static Account? Find(string name)
    {
        if (name.Length == 0 || name.Contains('\0'))
            return null;
        for (var size = 1024; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* p = buffer)
            {
                Passwd entry;
                Passwd* found;
                var error = getpwnam_r(name, &entry, p, (nuint)size, &found);
                if (error == UnixException.ERANGE && size < LargestEntry)
                    continue;
                return Read(error, found, "getpwnam");
            }
        }
    }

    public static Account? Find(uint uid)
    {
        for (var size = 1024; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* p = buffer)
            {
                Passwd entry;
                Passwd* found;
                var error = getpwuid_r(uid, &entry, p, (nuint)size, &found);
                if (error == UnixException.ERANGE && size < LargestEntry)
                    continue;
                return Read(error, found, "getpwuid");
            }
        }
    }

    /// <summary>The names and uids of all accounts that NSS tells; a directory server may keep its own to itself. One enumeration at a time.</summary>
    public static List<(string Name, uint Uid)> All()
    {
        lock (_enumeration)
        {
            var all = new List<(string, uint)>();
            setpwent();
            try
            {
                while (getpwent() is var entry && entry != null && all.Count < MostAccounts)
                    all.Add((Text(entry->Name), entry->Uid));
            }
            finally
            {
                endpwent();
            }
            return all;
        }
    }

    /// <summary>The gid of a group, or null.</summary>
    public static uint? FindGroup(string name)
    {
        for (var size = 4096; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* p = buffer)
            {
                Group entry;
                Group* found;
                var error = getgrnam_r(name, &entry, p, (nuint)size, &found);
                if (error == UnixException.ERANGE && size < LargestEntry)
                    continue;
                if (error is not (0 or UnixException.ENOENT))
                    throw new UnixException("getgrnam", error);
                return found == null ? null : found->Gid;
            }
        }
    }

    /// <summary>Every group of an account, its primary group included.</summary>
    public static uint[] GroupsOf(Account account)
    {
        for (var count = 64; ; )
        {
            var groups = new uint[count];
            var n = count;
            fixed (uint* p = groups)
            {
                if (getgrouplist(account.Name, account.Gid, p, &n) >= 0)
                    return groups[..n];
            }
            count = Math.Max(n, count * 2);
        }
    }

    static Account? Read(int error, Passwd* found, string call)
    {
        if (error is not (0 or UnixException.ENOENT or UnixException.EPERM))
            throw new UnixException(call, error);
        return found == null ? null
            : new Account(Text(found->Name), found->Uid, found->Gid, Text(found->Gecos), Text(found->Dir), Text(found->Shell));
    }

    static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    [StructLayout(LayoutKind.Sequential)]
    struct Passwd
    {
        public byte* Name, Password;
        public uint Uid, Gid;
        public byte* Gecos, Dir, Shell;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Group
    {
        public byte* Name, Password;
        public uint Gid;
        public byte** Members;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getpwnam_r(string name, Passwd* entry, byte* buffer, nuint size, Passwd** found);

    [LibraryImport("libc")]
    private static partial void setpwent();

    [LibraryImport("libc")]
    private static partial Passwd* getpwent();

    [LibraryImport("libc")]
    private static partial void endpwent();

    [LibraryImport("libc")]
    private static partial int getpwuid_r(uint uid, Passwd* entry, byte* buffer, nuint size, Passwd** found);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrnam_r(string name, Group* entry, byte* buffer, nuint size, Group** found);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int getgrouplist(string name, uint gid, uint* groups, int* count);
}
