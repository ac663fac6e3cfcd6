using System.Diagnostics;
using System.Text;
using Testing;

namespace Interop.Tests.Peers;

/// <summary>A program that speaks lines on its standard streams. It has no terminal: some ask there for a password.</summary>
sealed class LineProgram : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    readonly Process _process;
    readonly StringBuilder _transcript = new(), _errors = new();
    readonly Task _readingErrors;
    readonly (string Prompt, string Answer)[] _answers;

    /// <param name="program">Found by PATH.</param>
    /// <param name="arguments">One each.</param>
    /// <param name="answers">Prompts on standard error, and what to say to each, as often as it comes.</param>
    /// <param name="environment">Beside the test's own.</param>
    public LineProgram(string program, IEnumerable<string> arguments, (string Prompt, string Answer)[]? answers = null, params (string Name, string Value)[] environment)
    {
        _answers = answers ?? [];
        // A pipe would make the program keep its lines back until it ends.
        var start = new ProcessStartInfo("setsid", ["stdbuf", "-oL", program, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // Debian has its servers' programs where only root looks.
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _readingErrors = Task.Run(ReadErrorsAsync);
    }

    public string Transcript
    {
        get
        {
            lock (_errors)
                return $"{_transcript}{_errors}";
        }
    }

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>Null at the end.</summary>
    public async Task<string?> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(_patience);
        lock (_errors)
            _transcript.Append("< ").AppendLine(line ?? "[end]");
        return line;
    }

    public async Task WriteAsync(string line)
    {
        lock (_errors)
            _transcript.Append("> ").AppendLine(line);
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended; what it said before is still to be read.
        }
    }

    /// <summary>Waits for words on standard error; false when it ended without them.</summary>
    public async Task<bool> SaysAsync(string words)
    {
        await Eventually.TrueAsync(() => Errors.Contains(words, StringComparison.Ordinal) || _readingErrors.IsCompleted, $"\"{words}\"", _patience, () => Transcript);
        return Errors.Contains(words, StringComparison.Ordinal);
    }

    /// <summary>Closes its input and waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }
        while (await ReadAsync() is not null)
        {
        }
        await _process.WaitForExitAsync().WaitAsync(_patience);
        await _readingErrors;
        return _process.ExitCode;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var ran = new LineProgram(program, arguments);
        var said = new StringBuilder();
        while (await ran.ReadAsync() is { } line)
            said.AppendLine(line);
        await ran.EndAsync();
        return said.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    async Task ReadErrorsAsync()
    {
        // Prompts end without a line end.
        var block = new char[1024];
        int count;
        while ((count = await _process.StandardError.ReadAsync(block)) > 0)
        {
            string said;
            lock (_errors)
                said = _errors.Append(block, 0, count).ToString();
            foreach (var (prompt, answer) in _answers)
            {
                // It waits for this and reads nothing else.
                if (said.EndsWith(prompt, StringComparison.Ordinal))
                    await WriteAsync(answer);
            }
        }
    }
}
