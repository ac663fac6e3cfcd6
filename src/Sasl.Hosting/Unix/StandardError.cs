using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>
/// Whatever descriptor 2 is at the moment. .NET's own stream is a copy of it, made and closed again for every log line, or kept open
/// when the daemon has let its starter's terminal go.
/// </summary>
public static unsafe partial class StandardError
{
    const int Descriptor = 2;

    /// <summary>One write(2) when the file takes it whole, so that lines of several processes do not mix. What cannot be written is lost.</summary>
    public static void Write(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            nint count;
            fixed (byte* start = text)
                count = write(Descriptor, start, text.Length);
            if (count > 0)
                text = text[(int)count..];
            else if (Marshal.GetLastPInvokeError() == UnixException.EAGAIN)
            {
                // Somebody made the pipe non-blocking: .NET's stream knows how to wait for it.
                using var stream = Console.OpenStandardError();
                stream.Write(text);
                return;
            }
            else if (Marshal.GetLastPInvokeError() != UnixException.EINTR)
                return;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* text, nint count);
}
