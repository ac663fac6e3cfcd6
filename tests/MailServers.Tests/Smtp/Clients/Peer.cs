using System.Diagnostics;

namespace MailServers.Tests.Smtp.Clients;

/// <summary>A mail program of Debian, run to its end. Installs it when it is missing and the test runs as root.</summary>
static class Peer
{
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }
        return (process.ExitCode, await output + await error);
    }

    static string Find(string program)
    {
        var path = $"/usr/bin/{program}";
        if (!File.Exists(path))
        {
            using var install = Process.Start("apt-get", ["install", "-y", "-q", program]);
            install.WaitForExit();
        }
        Assert.True(File.Exists(path), $"{program} is needed: apt-get install {program}");
        return path;
    }
}
