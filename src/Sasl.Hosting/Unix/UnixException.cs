using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>A system call failed. <see cref="Error"/> is the errno; the message names the call and never its secret arguments.</summary>
public sealed class UnixException(string call, int error)
    : IOException($"{call}: {Marshal.GetPInvokeErrorMessage(error)}")
{
    public const int ENOENT = 2, EINTR = 4, EAGAIN = 11, EACCES = 13, EEXIST = 17, ENOTDIR = 20, ENFILE = 23, EMFILE = 24, ENOSPC = 28, EPIPE = 32, ERANGE = 34,
        ELOOP = 40, EXDEV = 18, EPERM = 1, EDQUOT = 122;

    public int Error { get; } = error;

    internal static UnixException Last(string call) => new(call, Marshal.GetLastPInvokeError());
}
