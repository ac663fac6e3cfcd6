using System.Diagnostics;
using Testing;

namespace Samples.Tests;

/// <summary>A sample, run as whoever copies it would run it.</summary>
sealed class Sample : IDisposable
{
    readonly Process _process;

    public Sample(string name, params string[] arguments)
    {
        var configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
        var program = Path.Combine(Binaries.Root, "samples", name, "bin", configuration, "net10.0", name + ".dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>The next line of its output.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Its status and the rest of its output.</summary>
    public async Task<(int Status, string Output)> EndAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var errors = _process.StandardError.ReadToEndAsync(late.Token);
        var output = await _process.StandardOutput.ReadToEndAsync(late.Token);
        await _process.WaitForExitAsync(late.Token);
        return (_process.ExitCode, output + await errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
