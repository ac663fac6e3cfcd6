using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sasl.Hosting.Unix;

/// <summary>An open file descriptor of ours that is closed when it is disposed.</summary>
public sealed partial class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor() : base(ownsHandle: true)
    {
    }

    internal Descriptor(int number) : this() => SetHandle(number);

    protected override bool ReleaseHandle() => close((int)handle) == 0;

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
