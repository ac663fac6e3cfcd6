using System.Diagnostics;

namespace EndToEnd.Tests;

/// <summary>What a program said and how it ended.</summary>
public sealed record Ran(int Status, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>Runs a program to its end, with a deadline.</summary>
public static class Run
{
    public static Task<Ran> Async(string program, params string[] arguments) => WithInputAsync(null, program, arguments);

    public static async Task<Ran> WithInputAsync(string? input, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["HOME"] = Path.GetTempPath();
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end in 60 s. It said: {await output}{await error}");
        }
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Runs and insists on status 0.</summary>
    public static async Task<string> OkAsync(string program, params string[] arguments)
    {
        var ran = await Async(program, arguments);
        Assert.True(ran.Status == 0, $"{program} {string.Join(' ', arguments)}: status {ran.Status}\n{ran.All}");
        return ran.All;
    }
}
