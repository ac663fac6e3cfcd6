using System.Buffers;
using System.Net.Sockets;
using MailServers.Smtp.Addresses;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace MailServers.Smtp;

/// <summary>The queue's answer to a complete mail: an id when every recipient was taken, else its refusal.</summary>
readonly record struct QueueAnswer(string? Id, string Reply);

/// <summary>Hands mail to the queue over LMTP (RFC 2033). One connection a mail: nothing of one mail can leak into the next.</summary>
sealed class QueueClient(string path, string hostName, TimeSpan timeout)
{
    /// <summary>
    /// Opens a connection and gives the envelope up to DATA. Exactly one of the two results is not null; the problem is the queue's reply,
    /// or why there is none.
    /// </summary>
    public async ValueTask<(QueueTransfer? Transfer, string? Problem)> OpenAsync(Transaction mail, CancellationToken stop)
    {
        Socket socket;
        try
        {
            socket = await UnixSockets.ConnectAsync(path, stop);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return (null, $"connect to {path}: {failure.Message}");
        }
        var connection = new Connection(socket) { WriteTimeout = timeout };
        connection.Reader.Timeout = timeout;
        var problem = "lost connection";
        try
        {
            (var id, var refused) = await EnvelopeAsync(connection, mail, stop);
            if (refused is null)
                return (new QueueTransfer(connection, mail.Recipients.Count, id), null);
            problem = refused;
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
        {
            problem = failure.Message;
        }
        await connection.DisposeAsync();
        return (null, problem);
    }

    /// <summary>No problem when the queue waits for the text. The id when it has told it already.</summary>
    async ValueTask<(string? Id, string? Problem)> EnvelopeAsync(Connection connection, Transaction mail, CancellationToken stop)
    {
        if (await LmtpReply.ReadAsync(connection, stop) is not { IsPositive: true } greeting)
            return (null, "no greeting");
        connection.WriteLine($"LHLO {hostName}");
        if (!await connection.FlushAsync(stop) || await LmtpReply.ReadAsync(connection, stop) is not { IsPositive: true } features)
            return (null, "LHLO was refused");
        var (parameters, passesDsn) = (mail.Parameters, features.Lists("DSN"));
        var options = parameters.Is8BitMime && features.Lists("8BITMIME") ? " BODY=8BITMIME" : "";
        if (parameters.Size is { } size && features.Lists("SIZE"))
            options += $" SIZE={size}";
        if (passesDsn)
            options += Option("RET", parameters.Return) + Option("ENVID", parameters.EnvelopeId);
        // RFC 2033 §5 demands PIPELINING of every LMTP server: the envelope is one round trip.
        connection.WriteLine($"MAIL FROM:<{mail.Sender}>{options}");
        foreach (var recipient in mail.Recipients)
            connection.WriteLine($"RCPT TO:<{recipient.Resolved}>{(passesDsn ? Option("NOTIFY", recipient.Parameters.Notify) + Option("ORCPT", recipient.Parameters.Original) : "")}");
        connection.WriteLine("DATA");
        if (!await connection.FlushAsync(stop))
            return (null, "lost connection");
        string? refused = null;
        for (var i = 0; i < mail.Recipients.Count + 1; i++)
        {
            if (await LmtpReply.ReadAsync(connection, stop) is not { } reply)
                return (null, "lost connection");
            if (!reply.IsPositive)
                refused ??= reply.Text;
        }
        var data = await LmtpReply.ReadAsync(connection, stop);
        return (data?.MailId, refused ?? (data is { Code: 354 } ? null : data?.Text ?? "lost connection"));

        static string Option(string name, string? value) => value is null ? "" : $" {name}={value}";
    }
}

/// <summary>A mail whose text is under way to the queue. Disposing it before the end leaves no trace in the queue.</summary>
sealed class QueueTransfer(Connection connection, int recipients, string? id) : IAsyncDisposable
{
    /// <summary>The queue's id of this mail, when it has told it before the text; for our Received field.</summary>
    public string? Id => id;

    bool _atLineStart = true;

    /// <summary>The connection to the queue broke; the mail can only be refused.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Sends CRLF text, its leading dots doubled (RFC 5321 §4.5.2).</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop)
    {
        if (IsBroken)
            return;
        Stuff(text.Span);
        IsBroken = !await FlushAsync(stop);
    }

    /// <summary>Ends the text and waits for the queue's word on each recipient. Only 250 for all of them is a success.</summary>
    public async ValueTask<QueueAnswer> CommitAsync(CancellationToken stop)
    {
        if (IsBroken)
            return new(null, "lost connection");
        if (!_atLineStart)
            connection.Write("\r\n"u8);
        connection.Write(".\r\n"u8);
        if (!await FlushAsync(stop))
            return new(null, "lost connection");
        string? queued = null, refused = null;
        for (var i = 0; i < recipients; i++)
        {
            if (await LmtpReply.ReadAsync(connection, stop) is not { } reply)
                return new(null, "lost connection");
            if (!reply.IsPositive)
                refused ??= reply.Text;
            queued ??= reply.LastWord;
        }
        // A refusal for some after a success for others: the client sends to all again, so some may get it twice and nobody nothing.
        return refused is null ? new(queued, "") : new(null, refused);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    async ValueTask<bool> FlushAsync(CancellationToken stop)
    {
        try
        {
            return await connection.FlushAsync(stop);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    void Stuff(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (_atLineStart && text[0] == '.')
                connection.Write("."u8);
            var feed = text.IndexOf((byte)'\n');
            var line = feed < 0 ? text : text[..(feed + 1)];
            connection.Write(line);
            _atLineStart = feed >= 0;
            text = text[line.Length..];
        }
    }
}
