using System.Text;

namespace Interop.Tests.Wire;

/// <summary>A connection, line by line, whose stream can be exchanged for its TLS.</summary>
sealed class Lines(Stream stream) : IAsyncDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    readonly byte[] _one = new byte[1];

    public Stream Stream { get; set; } = stream;

    public StringBuilder Transcript { get; } = new();

    /// <summary>Without its line end; null when the connection has ended. Byte by byte: nothing may be read beyond a STARTTLS.</summary>
    public async Task<string?> ReadAsync()
    {
        var line = new List<byte>();
        using var late = new CancellationTokenSource(_patience);
        try
        {
            while (await Stream.ReadAsync(_one, late.Token) == 1)
            {
                if (_one[0] != '\n')
                {
                    line.Add(_one[0]);
                    continue;
                }
                var text = Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                Transcript.Append("< ").AppendLine(text);
                return text;
            }
        }
        catch (IOException)
        {
            // Hung up hard.
        }
        Transcript.AppendLine("< [end]");
        return null;
    }

    public async Task WriteAsync(string line)
    {
        Transcript.Append("> ").AppendLine(line);
        try
        {
            await Stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
            await Stream.FlushAsync();
        }
        catch (IOException)
        {
            // It hung up; what it said before is still to be read.
        }
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
