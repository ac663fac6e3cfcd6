using System.Diagnostics;
using Xunit.Abstractions;

namespace AuthServer.Tests.Peers;

/// <summary>A program of somebody else's, run to its end.</summary>
static class Ran
{
    public static async Task<(int ExitCode, string Output)> AsAsync(ITestOutputHelper output, string program, string? input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        output.WriteLine(text);
        return (process.ExitCode, text);
    }
}
