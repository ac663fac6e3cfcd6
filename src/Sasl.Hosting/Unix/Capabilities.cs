using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>
/// How a process that is not root keeps one single right of root's. Capabilities belong to threads, and .NET has several before Main: so the right is
/// kept on this thread alone and the program is executed anew by it, which makes it the right of the whole new process.
/// </summary>
public static unsafe partial class Capabilities
{
    /// <summary>Reading any file and directory.</summary>
    public const int DacReadSearch = 2;

    const int SetKeepCaps = 8, Ambient = 47, AmbientRaise = 2, Version3 = 0x20080522;

    /// <summary>
    /// Becomes another user for good with nothing but this capability, and begins the program again with these arguments. Returns never; throws
    /// <see cref="UnixException"/> when a step fails: the caller must then exit.
    /// </summary>
    public static void BecomeWith(int capability, uint uid, uint gid, ReadOnlySpan<uint> groups, string program, IReadOnlyList<string> arguments)
    {
        if (prctl(SetKeepCaps, 1, 0, 0, 0) != 0)
            throw UnixException.Last("prctl(PR_SET_KEEPCAPS)");
        Identity.Drop(uid, gid, groups);
        Header header = new() { Version = Version3 };
        var sets = stackalloc Sets[2];
        sets[0] = new() { Effective = 1u << capability, Permitted = 1u << capability, Inheritable = 1u << capability };
        sets[1] = default;
        if (capset(&header, sets) != 0)
            throw UnixException.Last("capset");
        if (prctl(Ambient, AmbientRaise, (nuint)capability, 0, 0) != 0)
            throw UnixException.Last("prctl(PR_CAP_AMBIENT)");
        Execute(program, arguments);
    }

    static void Execute(string program, IReadOnlyList<string> arguments)
    {
        var texts = new nint[arguments.Count + 2];
        texts[0] = Marshal.StringToCoTaskMemUTF8(program);
        for (var i = 0; i < arguments.Count; i++)
            texts[i + 1] = Marshal.StringToCoTaskMemUTF8(arguments[i]);
        fixed (nint* p = texts)
            _ = execv((byte*)texts[0], p);
        throw UnixException.Last($"exec {program}");
    }

    struct Header
    {
        public uint Version;
        public int Pid;
    }

    struct Sets
    {
        public uint Effective, Permitted, Inheritable;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capset(Header* header, Sets* sets);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int execv(byte* program, nint* arguments);
}
