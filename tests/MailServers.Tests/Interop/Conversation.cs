using System.Net.Sockets;
using System.Text;

namespace MailServers.Tests.Interop;

/// <summary>One side of a comparison: says something and collects the whole answer, whose end a protocol's function knows.</summary>
sealed class Conversation(Stream stream) : IDisposable
{
    public const string Closed = "[closed]\r\n";

    static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    readonly byte[] _block = new byte[16 * 1024];

    public async Task<string> SayAsync(string text, Func<string, bool> isWhole)
    {
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // It hung up before; what it said is still to be read.
        }
        return await HearAsync(isWhole);
    }

    public async Task<string> HearAsync(Func<string, bool> isWhole)
    {
        var heard = new StringBuilder();
        while (!isWhole(heard.ToString()))
        {
            int count;
            try
            {
                count = await stream.ReadAsync(_block).AsTask().WaitAsync(_patience);
            }
            catch (Exception gone) when (gone is IOException or SocketException)
            {
                count = 0;
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"the answer has not come to its end: {heard}");
            }
            if (count == 0)
                return heard.Append(Closed).ToString();
            heard.Append(Encoding.Latin1.GetString(_block, 0, count));
        }
        return heard.ToString();
    }

    public void Dispose() => stream.Dispose();
}

/// <summary>Plays the same lines to two servers. What they answer differently and the script does not expect fails the test.</summary>
sealed class Comparison(Conversation theirs, Conversation ours) : IDisposable
{
    readonly List<string> _differences = [];

    /// <param name="line">Without its line end.</param>
    /// <param name="shown">An answer as far as it must be the same.</param>
    /// <param name="meant">The difference is meant; then there must be one, or the script is out of date.</param>
    public async Task StepAsync(string line, Func<string, bool> isWhole, Func<string, string> shown, bool meant)
    {
        var (a, b) = (theirs.SayAsync(line + "\r\n", isWhole), ours.SayAsync(line + "\r\n", isWhole));
        var (left, right) = (shown(await a), shown(await b));
        if (meant == (left == right))
            _differences.Add($"C: {(line.Length > 200 ? line[..200] + "…" : line)}\n  {(meant ? "the same, though a difference was meant" : "theirs")}: {left}\n  ours: {right}");
    }

    public void AssertSame() => Assert.True(_differences.Count == 0, string.Join('\n', _differences));

    public void Dispose()
    {
        theirs.Dispose();
        ours.Dispose();
    }
}
