using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Net;

namespace Sasl.Protocols.DovecotAuth;

/// <summary>
/// One question on the auth-master socket with all the lines of its answer, for a person's tools: connect, ask, read, go. The supervisor keeps an
/// <see cref="AuthMasterClient"/> instead.
/// </summary>
public static class AuthMasterQuestion
{
    /// <summary>Lines of one answer.</summary>
    const int MostLines = 100_000;

    /// <summary>These end an answer; of USER and PASS their own line does.</summary>
    static readonly string[] _ends = ["OK", "DONE", "FAIL", "NOTFOUND", "USER", "PASS"];

    /// <summary>The lines, each split into fields, verb and id included; the last one says how it ended.</summary>
    /// <param name="timeout">For the whole dialogue.</param>
    /// <exception cref="IOException">There is no answer; the message says why.</exception>
    public static async Task<IReadOnlyList<string[]>> AskAsync(AuthAddress address, string verb, IEnumerable<string> fields, TimeSpan timeout, CancellationToken stop = default)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(timeout);
        try
        {
            await using var connection = new Connection(await address.ConnectAsync(late.Token));
            connection.Write("VERSION\t1\t2\n" + TabLine.Join([verb, "1", .. fields]) + "\n");
            await connection.FlushAsync(late.Token);
            var answer = new List<string[]>();
            while (answer.Count < MostLines)
            {
                var line = await connection.Reader.ReadLineAsync(MasterCommand.LongestLine, late.Token);
                if (!line.IsComplete)
                    throw new IOException($"{address}: the auth server has closed the connection: is it this version's, and its master socket?");
                var words = TabLine.Split(Encoding.UTF8.GetString(line.Bytes.Span));
                if (words is not [var word, "1", ..] || word is "VERSION" or "SPID")
                    continue;
                answer.Add(words);
                if (_ends.Contains(word))
                    return answer;
            }
            throw new IOException($"{address}: an answer without end");
        }
        catch (SocketException failure)
        {
            throw new IOException($"{address}: {failure.Message}: is the auth server running, and may you connect?", failure);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException($"{address}: no answer in {timeout.TotalSeconds:0} s");
        }
    }
}
