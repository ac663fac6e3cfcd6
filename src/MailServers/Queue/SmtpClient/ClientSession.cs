using System.Text;
using Sasl.Hosting.Net;

namespace MailServers.Queue.SmtpClient;

/// <summary>The client's side of an SMTP or LMTP dialogue: commands, replies, text. <paramref name="peer"/> is how messages name the server.</summary>
sealed class ClientSession(Connection connection, string peer)
{
    const int LongestLine = 4096;
    const int MostLines = 200;

    readonly DotStuffer _stuffer = new();

    public Connection Connection => connection;

    public string Peer => peer;

    /// <summary>How the conversation is described when it breaks: "while …".</summary>
    public string Phase { get; set; } = "";

    public async Task<ClientReply> ReadReplyAsync(TimeSpan timeout, CancellationToken stop)
    {
        connection.Reader.Timeout = timeout;
        var lines = new List<string>();
        while (true)
        {
            var line = await connection.Reader.ReadLineAsync(LongestLine, stop);
            switch (line.Status)
            {
                case LineStatus.TimedOut:
                    throw new ConversationException($"conversation with {peer} timed out while {Phase}");
                case LineStatus.Closed:
                    throw new ConversationException($"lost connection with {peer} while {Phase}");
                case LineStatus.Complete when ClientReply.ReadLine(Encoding.UTF8.GetString(line.Bytes.Span)) is var (code, more, text) && lines.Count < MostLines:
                    lines.Add(text);
                    if (!more)
                        return new(code, lines);
                    break;
                default:
                    throw new ConversationException($"malformed reply from {peer} while {Phase}");
            }
        }
    }

    /// <summary>Puts a command in the buffer; <see cref="FlushAsync"/> sends.</summary>
    public void Write(string command) => connection.WriteLine(command);

    public async Task FlushAsync(CancellationToken stop)
    {
        if (!await connection.FlushAsync(stop))
            throw new ConversationException($"lost connection with {peer} while {Phase}");
    }

    public async Task<ClientReply> CommandAsync(string command, string phase, TimeSpan timeout, CancellationToken stop)
    {
        Phase = phase;
        Write(command);
        await FlushAsync(stop);
        return await ReadReplyAsync(timeout, stop);
    }

    /// <summary>The greeting of a server that never refuses (our own).</summary>
    public async Task ExpectGreetingAsync(TimeSpan timeout, CancellationToken stop)
    {
        Phase = "receiving the initial server greeting";
        if (await ReadReplyAsync(timeout, stop) is { IsPositive: false } refused)
            throw new ConversationException($"{peer} refused to talk to me: {refused.Text}");
    }

    /// <summary>EHLO or LHLO of a server that never refuses.</summary>
    public async Task<Features> HelloAsync(string verb, string name, TimeSpan timeout, CancellationToken stop)
    {
        var reply = await CommandAsync($"{verb} {name}", $"performing the {verb} handshake", timeout, stop);
        return reply.IsPositive ? Features.From(reply) : throw new ConversationException($"{peer} refused to talk to me: {reply.Text}");
    }

    /// <summary>Text of a message, cut anywhere; dots are doubled on the way (RFC 5321 §4.5.2).</summary>
    public async Task WriteTextAsync(ReadOnlyMemory<byte> text, CancellationToken stop)
    {
        _stuffer.Write(text.Span, connection.Output);
        if (connection.Output.UnflushedBytes >= 64 * 1024)
            await FlushAsync(stop);
    }

    public async Task EndTextAsync(CancellationToken stop)
    {
        _stuffer.End(connection.Output);
        await FlushAsync(stop);
    }

    /// <summary>Says goodbye and does not wait for the answer.</summary>
    public async Task QuitAsync(CancellationToken stop)
    {
        Write("QUIT");
        await connection.FlushAsync(stop);
    }
}
