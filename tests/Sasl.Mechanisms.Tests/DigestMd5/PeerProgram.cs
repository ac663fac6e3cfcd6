using System.Diagnostics;
using System.Text;

namespace Sasl.Mechanisms.Tests.DigestMd5;

/// <summary>A SASL program on its standard streams, a line at a time, without a terminal that it could ask for a password.</summary>
sealed class PeerProgram : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    readonly Process _process;
    readonly StringBuilder _said = new();

    public PeerProgram(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        // Into a pipe it would keep its lines back until it ends. Some say on standard error what others say on standard output.
        var start = new ProcessStartInfo("setsid", ["sh", "-c", "exec stdbuf -oL \"$0\" \"$@\" 2>&1", program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Debian has its servers' programs where only root looks.
        start.Environment["PATH"] += ":/usr/sbin";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    /// <summary>The next line that begins so, without that beginning.</summary>
    public async Task<string> ReadAsync(string beginning)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(_patience) is { } line)
        {
            Add("< " + line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return line[beginning.Length..];
        }
        throw new EndOfStreamException($"it ended without \"{beginning}\":\n{this}");
    }

    public async Task<byte[]> ReadBase64Async(string beginning) => Convert.FromBase64String(await ReadAsync(beginning));

    public async Task WriteAsync(string line)
    {
        Add("> " + line);
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public Task WriteBase64Async(string beginning, byte[] message) => WriteAsync(beginning + Convert.ToBase64String(message));

    /// <summary>Closes its input, reads the rest and gives its exit status.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(_patience) is { } line)
            Add("< " + line);
        await _process.WaitForExitAsync().WaitAsync(_patience);
        return _process.ExitCode;
    }

    public override string ToString() => _said.ToString();

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    void Add(string line) => _said.AppendLine(line);
}
