using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace MailServers.Tests.Smtp;

/// <summary>A mail that the queue has taken.</summary>
sealed record QueuedMail(string Mail, IReadOnlyList<string> Recipients, string Text);

/// <summary>The smallest queue that speaks LMTP (RFC 2033) on a real Unix socket, with the troubles that a test asks for.</summary>
sealed class QueueStub : IDisposable
{
    readonly Socket _listener;
    readonly CancellationTokenSource _stop = new();
    int _lastId;

    public QueueStub(string path)
    {
        _listener = UnixSockets.Listen(path, 0x180);
        _ = new Acceptor(_listener, 1000, ServeAsync).RunAsync(_stop.Token);
    }

    public ConcurrentQueue<QueuedMail> Mails { get; } = new();

    /// <summary>What each recipient is told at the end of the text; null is success.</summary>
    public string? FinalReply { get; set; }

    public string? RecipientReply { get; set; }

    public string? MailReply { get; set; }

    /// <summary>RFC 3461.</summary>
    public bool OffersDsn { get; set; }

    /// <summary>Close without a word when the text is complete.</summary>
    public bool DiesAtTheEnd { get; set; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        await using var connection = new Connection(socket);
        connection.WriteLine("220 queue LMTP");
        var (mail, recipients) = ("", new List<string>());
        while (true)
        {
            await connection.FlushAsync(stop);
            var line = await connection.Reader.ReadLineAsync(4096, stop);
            if (!line.IsComplete)
                return;
            var text = line.ToString();
            switch (text.Split(' ')[0])
            {
                case "LHLO":
                    connection.WriteLine("250-queue");
                    connection.WriteLine("250-PIPELINING");
                    connection.WriteLine("250-ENHANCEDSTATUSCODES");
                    if (OffersDsn)
                        connection.WriteLine("250-DSN");
                    connection.WriteLine("250-SIZE 10240000");
                    connection.WriteLine("250 8BITMIME");
                    break;
                case "MAIL":
                    mail = text;
                    connection.WriteLine(MailReply ?? "250 2.1.0 Ok");
                    break;
                case "RCPT":
                    if (RecipientReply is null)
                        recipients.Add(text["RCPT TO:".Length..]);
                    connection.WriteLine(RecipientReply ?? "250 2.1.5 Ok");
                    break;
                case "DATA":
                    if (!await DataAsync(connection, mail, recipients, stop))
                        return;
                    break;
                default:
                    connection.WriteLine("502 5.5.2 Error: command not recognized");
                    break;
            }
        }
    }

    async Task<bool> DataAsync(Connection connection, string mail, List<string> recipients, CancellationToken stop)
    {
        connection.WriteLine("354 End data with <CR><LF>.<CR><LF>");
        await connection.FlushAsync(stop);
        using var text = new MemoryStream();
        var end = await connection.Reader.ReadDotBlockAsync(async (block, token) => await text.WriteAsync(block, token), long.MaxValue, stop);
        if (end.Status != LineStatus.Complete || DiesAtTheEnd)
            return false;
        if (FinalReply is null)
            Mails.Enqueue(new(mail, recipients, Encoding.Latin1.GetString(text.ToArray())));
        var id = Interlocked.Increment(ref _lastId);
        foreach (var _ in recipients)
            connection.WriteLine(FinalReply ?? $"250 2.0.0 Ok: queued as Q{id}");
        return true;
    }
}
