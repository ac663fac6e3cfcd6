using System.Runtime.InteropServices;

namespace Sasl.Hosting.Unix;

/// <summary>
/// The terminal on standard input without echo, until disposed or until a signal ends the program. What was typed before is thrown away,
/// as getpass(3) does: it has been shown.
/// </summary>
public sealed unsafe partial class TerminalEcho : IDisposable
{
    // struct termios of Linux: four flag words, of which the last is the local one, a line discipline, 32 characters, two speeds.
    const int Words = 16, Local = 3;
    const uint Echo = 8;
    const int Flush = 2;

    readonly uint[] _before = new uint[Words];
    readonly PosixSignalRegistration[] _signals;

    TerminalEcho()
    {
        fixed (uint* before = _before)
        {
            if (tcgetattr(0, before) != 0)
                throw UnixException.Last("tcgetattr");
        }
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, _ => Set(_before)))];
        var silent = (uint[])_before.Clone();
        silent[Local] &= ~Echo;
        Set(silent);
    }

    /// <summary>Throws <see cref="UnixException"/> when standard input is no terminal.</summary>
    public static TerminalEcho TurnOff() => new();

    public void Dispose()
    {
        Set(_before);
        foreach (var signal in _signals)
            signal.Dispose();
    }

    static void Set(uint[] settings)
    {
        fixed (uint* p = settings)
            _ = tcsetattr(0, Flush, p);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int descriptor, uint* settings);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int descriptor, int when, uint* settings);
}
