using System.Diagnostics;

namespace mailctl.Tests.Doveconf;

/// <summary>Debian's doveconf(1), the original that ours is compared with.</summary>
static class RealDoveconf
{
    public const string Path = "/usr/bin/doveconf";

    /// <summary>Null when it is installed, else why a comparison cannot be made.</summary>
    public static string? Missing => File.Exists(Path) && new FileInfo(Path).LinkTarget?.Contains("mailctl", StringComparison.Ordinal) is not true ? null
        : $"{Path} of Debian's dovecot-core package is not installed";

    public static async Task<Outcome> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}

/// <summary>A test that is skipped, with the reason printed, where the original is missing.</summary>
sealed class RealDoveconfTheoryAttribute : TheoryAttribute
{
    public RealDoveconfTheoryAttribute() => Skip = RealDoveconf.Missing;
}
