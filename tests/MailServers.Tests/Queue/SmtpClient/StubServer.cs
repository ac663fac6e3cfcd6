using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailServers.Tests.Queue.SmtpClient;

/// <summary>A server that answers each line of the client by a table: the first prefix that fits. "" answers the connection, "." the text.</summary>
sealed class StubServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly (string Prefix, string Reply)[] _answers;
    readonly Task _running;

    public StubServer(params (string Prefix, string Reply)[] answers)
    {
        _answers = answers;
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Everything that clients said.</summary>
    public List<string> Said { get; } = [];

    async Task RunAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            if (!await AnswerAsync(client, ""))
                return;
            var inText = false;
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (Said)
                    Said.Add(line);
                if (inText && line != ".")
                    continue;
                if (!await AnswerAsync(client, line))
                    return;
                inText = !inText && line == "DATA" && Find(line).StartsWith("354", StringComparison.Ordinal);
            }
        }
    }

    string Find(string line) => _answers.Concat([("", "220 stub ESMTP"), ("EHLO", "250-stub\r\n250-PIPELINING\r\n250 8BITMIME"), ("HELO", "250 stub"), ("DATA", "354 go"), (".", "250 2.0.0 taken"), ("QUIT", "221 bye"), ("MAIL", "250 ok"), ("RCPT", "250 ok")])
        .FirstOrDefault(a => a.Item1.Length == 0 ? line.Length == 0 : line.StartsWith(a.Item1, StringComparison.OrdinalIgnoreCase)).Item2 ?? "500 what";

    /// <summary>"-" as an answer closes the connection; "..." says nothing.</summary>
    async Task<bool> AnswerAsync(TcpClient client, string line)
    {
        var reply = Find(line);
        if (reply == "-")
            return false;
        if (reply != "...")
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
    }
}
