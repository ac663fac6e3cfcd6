using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>
/// Descriptor 2 itself. The stream that .NET gives for it takes another descriptor each time, and throws when there is none: the line that
/// says so would end whoever wanted to log it.
/// </summary>
public static unsafe partial class StandardError
{
    const int Descriptor = 2, Patience = 1000;
    const short Writable = 4;

    /// <summary>
    /// One write(2) when the file takes it whole, so that lines of several processes do not mix. What cannot be written is lost, after a
    /// second where somebody has made a pipe non-blocking that is full: a log that nobody reads any more stops nobody.
    /// </summary>
    public static void Write(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            nint count;
            fixed (byte* start = text)
                count = write(Descriptor, start, (nuint)text.Length);
            if (count > 0)
                text = text[(int)count..];
            else if (Marshal.GetLastPInvokeError() == UnixException.EAGAIN ? !WaitUntilWritable() : Marshal.GetLastPInvokeError() != UnixException.EINTR)
                return;
        }
    }

    static bool WaitUntilWritable()
    {
        var descriptor = new PollDescriptor { Descriptor = Descriptor, Events = Writable };
        return poll(&descriptor, 1, Patience) > 0;
    }

    struct PollDescriptor
    {
        public int Descriptor;
        public short Events, Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* text, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int milliseconds);
}
