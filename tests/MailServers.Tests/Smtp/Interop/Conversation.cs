using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Testing;

namespace MailServers.Tests.Smtp.Interop;

/// <summary>
/// Plays a script to an SMTP server and gives back everything that the server said. A line "C: text" is sent and one reply awaited;
/// "3C: " awaits three, "0C: " none; "C+ " has C-style escapes and no line end of its own. "TLS" makes the connection a TLS one. At the
/// end the client stops sending and reads on to the server's end, so nothing that a server says too much is missed.
/// </summary>
static partial class Conversation
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static async Task<string> PlayAsync(int port, string script)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        Stream stream = new NetworkStream(socket);
        var (said, held) = (new StringBuilder(), new List<byte>());
        var steps = script.Split('\n').Select(l => l.TrimStart().TrimEnd('\r')).Where(l => l.Length > 0).ToList();
        await ReplyAsync(stream, said);
        foreach (var step in steps)
        {
            if (step == "TLS")
            {
#pragma warning disable CA5359 // A test's server has a test's certificate.
                var tls = new SslStream(stream, false, static (_, _, _, _) => true);
#pragma warning restore CA5359
                await tls.AuthenticateAsClientAsync("mail.example.com").WaitAsync(_patience);
                stream = tls;
                continue;
            }
            var (replies, bytes) = Parse(step);
            held.AddRange(bytes);
            if (replies == 0)
                continue;
            if (!await SendAsync(stream, held))
                break;
            for (; replies > 0; replies--)
                await ReplyAsync(stream, said);
        }
        await SendAsync(stream, held);
        if (stream is SslStream secure)
            await secure.ShutdownAsync().ContinueWith(static _ => { }, TaskScheduler.Default);
        else
            try { socket.Shutdown(SocketShutdown.Send); } catch (SocketException) { }
        while (await ReplyAsync(stream, said))
        {
        }
        await stream.DisposeAsync();
        return Comparable(said.ToString());
    }

    public static int Queued(string said) => LocalQueued().Count(said);

    /// <summary>Ids are nobody's choice.</summary>
    static string Comparable(string said) => Ids().Replace(said, "queued as ID");

    static (int Replies, byte[] Bytes) Parse(string step)
    {
        var match = Steps().Match(step);
        if (!match.Success)
            throw new ArgumentException($"not a line of a script: {step}");
        var replies = match.Groups[1].Value is { Length: > 0 } digits ? int.Parse(digits) : 1;
        var text = match.Groups[3].Value;
        return (replies, match.Groups[2].Value == ":" ? Encoding.UTF8.GetBytes(text + "\r\n") : Dialogue.Unescape(text));
    }

    static async Task<bool> SendAsync(Stream stream, List<byte> held)
    {
        try
        {
            await stream.WriteAsync(held.ToArray());
            held.Clear();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>One reply, all its lines. False at the end of the connection.</summary>
    static async Task<bool> ReplyAsync(Stream stream, StringBuilder said)
    {
        while (true)
        {
            var line = new List<byte>();
            var one = new byte[1];
            do
            {
                int read;
                try
                {
                    read = await stream.ReadAsync(one).AsTask().WaitAsync(_patience);
                }
                catch (TimeoutException)
                {
                    throw new TimeoutException($"no further reply after\n{said}");
                }
                catch (IOException)
                {
                    read = 0;
                }
                if (read == 0)
                {
                    if (line.Count > 0)
                        said.Append(Encoding.Latin1.GetString(line.ToArray())).Append("(cut)\n");
                    return false;
                }
                line.Add(one[0]);
            }
            while (one[0] != '\n');
            var text = Encoding.Latin1.GetString(line.ToArray()).TrimEnd('\n').TrimEnd('\r');
            said.Append(text).Append('\n');
            if (text.Length < 4 || text[3] != '-')
                return true;
        }
    }

    [GeneratedRegex(@"^(\d*)C([:+]) ?(.*)$")]
    private static partial Regex Steps();

    [GeneratedRegex("queued as [0-9A-Za-z]+")]
    private static partial Regex Ids();

    [GeneratedRegex("queued as ID")]
    private static partial Regex LocalQueued();
}
