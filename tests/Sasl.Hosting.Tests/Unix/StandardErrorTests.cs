using System.Diagnostics;
using Testing;

namespace Sasl.Hosting.Tests.Unix;

/// <summary>Through a program that logs: descriptor 2 cannot be taken from the process that runs the tests.</summary>
public sealed class StandardErrorTests
{
    [Theory]
    [InlineData("\"$0\" \"$@\" 2>log")]
    [InlineData("\"$0\" \"$@\" 2>>log")]
    [InlineData("\"$0\" \"$@\" 2>&1 >/dev/null | cat >log")]
    // A reader that leaves the pipe full: its writer waits and nothing is cut. perl makes the pipe non-blocking for both.
    [InlineData("perl -MFcntl -e 'fcntl(STDERR, F_SETFL, O_WRONLY | O_NONBLOCK); exec @ARGV' \"$0\" \"$@\" 2>&1 >/dev/null | (sleep 1; cat >log)")]
    public async Task Every_line_arrives_whole(string command)
    {
        using var directory = new TemporaryDirectory();
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command, "dotnet", TestChildPath, "log", "2000"]) { WorkingDirectory = directory.Path })!;
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await shell.WaitForExitAsync(late.Token);
        var lines = await File.ReadAllLinesAsync(directory["log"]);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"line {i} {new string('x', 80)}"), lines.Select(l => l[(l.IndexOf("]: ", StringComparison.Ordinal) + 3)..]));
    }

    static string TestChildPath => Path.Combine(AppContext.BaseDirectory, "testchild.dll");
}
