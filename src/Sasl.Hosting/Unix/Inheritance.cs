using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>Gives a child process one socket of ours, by its number, as a program started by inetd or systemd gets its.</summary>
public static partial class Inheritance
{
    const int SetDescriptorFlags = 2, CloseOnExec = 1;

    /// <summary>Between the two calls a descriptor is open to every child: one start at a time.</summary>
    static readonly Lock _gate = new();

    /// <summary>The number under which the child will find the socket.</summary>
    public static int NumberOf(Socket socket) => (int)socket.Handle;

    /// <summary>Starts the program with the socket open. The caller then disposes its own copy.</summary>
    public static Process Start(ProcessStartInfo start, Socket socket)
    {
        lock (_gate)
        {
            SetFlags(NumberOf(socket), 0);
            try
            {
                return Process.Start(start) ?? throw new IOException($"cannot start {start.FileName}");
            }
            finally
            {
                SetFlags(NumberOf(socket), CloseOnExec);
            }
        }
    }

    /// <summary>In the child: takes the socket, and keeps it from the programs that it starts itself.</summary>
    public static Socket Take(int number)
    {
        SetFlags(number, CloseOnExec);
        return new Socket(new SafeSocketHandle(number, ownsHandle: true));
    }

    internal static void SetFlags(int descriptor, int flags)
    {
        if (fcntl(descriptor, SetDescriptorFlags, flags) != 0)
            throw UnixException.Last("fcntl(F_SETFD)");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);
}
