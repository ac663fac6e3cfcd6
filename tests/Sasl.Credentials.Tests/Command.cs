using System.Diagnostics;

namespace Sasl.Credentials.Tests;

/// <summary>A program run to its end, with what it said.</summary>
sealed record Command(int ExitCode, string Output, string Error)
{
    public static async Task<Command> RunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
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
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end");
        }
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Our own program, as it was built beside this test.</summary>
    public static Task<Command> OursAsync(string name, params string[] arguments) => RunAsync(Ours(name), arguments);

    public static string Ours(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
