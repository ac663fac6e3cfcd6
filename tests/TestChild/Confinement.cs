using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

/// <summary>What a taken-over child would try to start a program: the ordinary way, and by the number that x32 has for it.</summary>
static class Confinement
{
    const long X32Execve = 0x40000000 + 520;

    public static string Try()
    {
        string ordinary;
        try
        {
            using var process = Process.Start("/bin/true");
            process.WaitForExit();
            ordinary = "started";
        }
        catch (Win32Exception refused)
        {
            ordinary = Marshal.GetPInvokeErrorMessage(refused.NativeErrorCode);
        }
        return $"{ordinary}; x32: {(syscall(X32Execve, 0, 0, 0) < 0 ? Marshal.GetLastPInvokeErrorMessage() : "no error")}";
    }

    [DllImport("libc", SetLastError = true)]
    static extern long syscall(long number, nint path, nint arguments, nint environment);
}
