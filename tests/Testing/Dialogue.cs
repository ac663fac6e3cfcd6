using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Unix;

namespace Testing;

/// <summary>How the client's lines travel: a server must not care.</summary>
public enum Pace { Whole, ByLine, ByByte }

/// <summary>
/// Plays a dialogue as the RFC prints it against a server: "C: " is sent with CRLF, "S: " is expected ('*' matches anything),
/// "C+ " is sent as it is with C-style escapes and no line end. Consecutive client lines are one write when played whole.
/// A final "S: [closed]" expects the end of the connection.
/// </summary>
public static class Dialogue
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Plays the script three times, each on a fresh connection: whole, by line and byte by byte.</summary>
    public static async Task PlayAsync(Func<Socket, CancellationToken, Task> serve, string script)
    {
        foreach (var pace in Enum.GetValues<Pace>())
            await PlayAsync(serve, script, pace);
    }

    public static async Task PlayAsync(Func<Socket, CancellationToken, Task> serve, string script, Pace pace)
    {
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using var stop = new CancellationTokenSource();
        var serving = Task.Run(() => serve(server, stop.Token));
        using (client)
        {
            using var stream = new NetworkStream(client);
            await PlayAsync(stream, script, pace);
        }
        try
        {
            await serving.WaitAsync(Patience);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    /// <summary>Plays the script on a connection that is there already.</summary>
    public static async Task PlayAsync(Stream stream, string script, Pace pace)
    {
        var reader = new StreamReader(stream, Encoding.Latin1);
        var pending = new List<byte[]>();
        var number = 0;
        foreach (var raw in script.Split('\n'))
        {
            number++;
            var line = raw.TrimStart().TrimEnd('\r');
            if (line.StartsWith("C: ") || line == "C:")
                pending.Add(Encoding.UTF8.GetBytes((line.Length > 3 ? line[3..] : "") + "\r\n"));
            else if (line.StartsWith("C+ "))
                pending.Add(Unescape(line[3..]));
            else if (line.StartsWith("S: ") || line == "S:")
            {
                await SendAsync(stream, pending, pace);
                pending.Clear();
                var expected = line.Length > 3 ? line[3..] : "";
                var got = await reader.ReadLineAsync().WaitAsync(Patience) ?? "[closed]";
                if (!Matches(expected, got))
                    throw new Xunit.Sdk.XunitException($"line {number} ({pace}): expected\n  S: {expected}\ngot\n  S: {got}");
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
                throw new ArgumentException($"line {number} of the script is neither C: nor S: — {line}");
        }
        await SendAsync(stream, pending, pace);
    }

    /// <summary>'*' stands for any text, also none.</summary>
    public static bool Matches(string pattern, string text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
            return pattern == text;
        if (!text.StartsWith(parts[0], StringComparison.Ordinal) || !text.EndsWith(parts[^1], StringComparison.Ordinal))
            return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }
        return at <= text.Length - parts[^1].Length;
    }

    static async Task SendAsync(Stream stream, List<byte[]> lines, Pace pace)
    {
        var all = lines.SelectMany(l => l).ToArray();
        try
        {
            switch (pace)
            {
                case Pace.Whole when all.Length > 0:
                    await stream.WriteAsync(all);
                    break;
                case Pace.ByLine:
                    foreach (var line in lines)
                        await stream.WriteAsync(line);
                    break;
                case Pace.ByByte:
                    foreach (var b in all)
                        await stream.WriteAsync(new[] { b });
                    break;
            }
        }
        catch (IOException)
        {
            // The server closed first; what it said before is still to be read and compared.
        }
    }

    /// <summary>What "C+ " sends: C-style escapes made bytes.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
                continue;
            }
            i++;
            switch (text[i])
            {
                case 'r': bytes.Add((byte)'\r'); break;
                case 'n': bytes.Add((byte)'\n'); break;
                case 't': bytes.Add((byte)'\t'); break;
                case '0': bytes.Add(0); break;
                case 'x':
                    bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                    i += 2;
                    break;
                default: bytes.Add((byte)text[i]); break;
            }
        }
        return [.. bytes];
    }
}
