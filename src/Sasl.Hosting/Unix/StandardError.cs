using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>
/// Descriptor 2 itself. The stream that .NET gives for it takes another descriptor each time, and throws when there is none: the line that
/// says so would end whoever wanted to log it.
/// </summary>
public static unsafe partial class StandardError
{
    /// <summary>Writes what can be written: a log that nobody reads any more stops nobody.</summary>
    public static void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (nint at = 0; at < bytes.Length;)
            {
                var written = write(2, start + at, (nuint)(bytes.Length - at));
                if (written > 0)
                    at += written;
                else if (Marshal.GetLastPInvokeError() != UnixException.EINTR)
                    return;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nuint count);
}
