using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>Who this process is, and how it becomes somebody with fewer rights for good.</summary>
public static unsafe partial class Identity
{
    public static uint EffectiveUid => geteuid();

    public static uint EffectiveGid => getegid();

    public static bool IsRoot => geteuid() == 0;

    /// <summary>
    /// Gives up root on every thread (the libc wrappers reach all of them) and checks that it cannot come back.
    /// Throws <see cref="UnixException"/> when any step fails: the caller must then exit.
    /// </summary>
    public static void Drop(uint uid, uint gid, ReadOnlySpan<uint> groups)
    {
        if (uid == 0 || gid == 0)
            throw new ArgumentException("refusing to drop to root");
        fixed (uint* p = groups)
        {
            if (setgroups((nuint)groups.Length, p) != 0)
                throw UnixException.Last("setgroups");
        }
        if (setresgid(gid, gid, gid) != 0)
            throw UnixException.Last("setresgid");
        if (setresuid(uid, uid, uid) != 0)
            throw UnixException.Last("setresuid");
        if (setresuid(0, 0, 0) == 0)
            throw new InvalidOperationException("root came back after setresuid");
        _ = prctl(PrSetDumpable, 0, 0, 0, 0);
    }

    /// <summary>No exec of a set-uid program gives this process rights again; set on all threads where the kernel can (seccomp TSYNC).</summary>
    /// <param name="denyExec">Also refuses execve and execveat with EPERM, for roles that never start a program.</param>
    public static void Confine(bool denyExec)
    {
        if (prctl(PrSetNoNewPrivs, 1, 0, 0, 0) != 0)
            throw UnixException.Last("prctl(PR_SET_NO_NEW_PRIVS)");
        var (arch, execve, execveat, seccomp) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (0xC000003Eu, 59u, 322u, 317),
            Architecture.Arm64 => (0xC00000B7u, 221u, 281u, 277),
            _ => (0u, 0u, 0u, 0),
        };
        if (seccomp == 0)
            return;
        var verdict = denyExec ? SeccompErrnoEperm : SeccompAllow;
        var filter = stackalloc Bpf[]
        {
            new(0x20, 0, 0, 4),          // load arch
            new(0x15, 0, 4, arch),       // the calls of another architecture have other numbers: none of them, so that none is execve
            new(0x20, 0, 0, 0),          // load syscall number
            new(0x35, 2, 0, 0x40000000), // x32 has its own numbers too
            new(0x15, 1, 0, execve),
            new(0x15, 0, 1, execveat),
            new(0x06, 0, 0, verdict),
            new(0x06, 0, 0, SeccompAllow),
        };
        BpfProgram program;
        program.Length = 8;
        program.Filter = filter;
        if (syscall(seccomp, SeccompSetModeFilter, SeccompFilterTsync, &program) != 0)
            throw UnixException.Last("seccomp");
    }

    /// <summary>Files made from now on are readable by the owner only (mask 077) or as the mask says.</summary>
    public static void Umask(uint mask) => _ = umask(mask);

    /// <summary>Native AOT leaves the soft descriptor limit where it was; servers want the hard one. Returns what it is now.</summary>
    public static long RaiseDescriptorLimit()
    {
        RLimit limit;
        if (getrlimit(7, &limit) != 0)
            return int.MaxValue;
        if (limit.Soft < limit.Hard)
        {
            limit.Soft = limit.Hard;
            _ = setrlimit(7, &limit);
        }
        return (long)Math.Min(limit.Soft, long.MaxValue);
    }

    /// <summary>No core dump may hold a password.</summary>
    public static void ForbidCoreDumps()
    {
        RLimit none = default;
        _ = setrlimit(4, &none);
        _ = prctl(PrSetDumpable, 0, 0, 0, 0);
    }

    const int PrSetDumpable = 4, PrSetNoNewPrivs = 38, SeccompSetModeFilter = 1, SeccompFilterTsync = 1;
    const uint SeccompAllow = 0x7fff0000, SeccompErrnoEperm = 0x00050001;

    [StructLayout(LayoutKind.Sequential)]
    readonly struct Bpf(ushort code, byte jumpTrue, byte jumpFalse, uint k)
    {
        readonly ushort _code = code;
        readonly byte _jumpTrue = jumpTrue, _jumpFalse = jumpFalse;
        readonly uint _k = k;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct BpfProgram
    {
        public ushort Length;
        public Bpf* Filter;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct RLimit
    {
        public ulong Soft, Hard;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresgid(uint r, uint e, uint s);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresuid(uint r, uint e, uint s);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, void* c);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, RLimit* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, RLimit* limit);
}
