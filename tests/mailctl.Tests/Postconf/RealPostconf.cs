using System.Diagnostics;

namespace mailctl.Tests.Postconf;

/// <summary>Debian's postconf(1), the original that ours is compared with.</summary>
static class RealPostconf
{
    public const string Path = "/usr/sbin/postconf";

    /// <summary>Null when it is installed, else why a comparison cannot be made.</summary>
    public static string? Missing => File.Exists(Path) && !IsOurs() ? null : $"{Path} of Debian's postfix package is not installed";

    public static async Task<Outcome> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, (await error).Replace($"{Path}: ", "postconf: "));
    }

    static bool IsOurs() => new FileInfo(Path).LinkTarget?.Contains("mailctl", StringComparison.Ordinal) is true;
}

/// <summary>A test that is skipped, with the reason printed, where the original is missing.</summary>
sealed class RealPostconfFactAttribute : FactAttribute
{
    public RealPostconfFactAttribute() => Skip = RealPostconf.Missing;
}

sealed class RealPostconfTheoryAttribute : TheoryAttribute
{
    public RealPostconfTheoryAttribute() => Skip = RealPostconf.Missing;
}
