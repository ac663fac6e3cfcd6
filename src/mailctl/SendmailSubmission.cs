using System.Net.Sockets;
using System.Text;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace MailControl;

/// <summary>Gives a message to our own smtpd over its Unix socket. The exit status says what became of it (sysexits).</summary>
sealed class SendmailSubmission(string socketPath, string hostName)
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <param name="options">What is asked of delivery status notifications.</param>
    public async Task<(int Status, string? Problem)> SendAsync(string sender, IReadOnlyList<string> recipients, SendmailOptions options, string header, SendmailInput body, CancellationToken stop)
    {
        Socket socket;
        try
        {
            socket = await UnixSockets.ConnectAsync(socketPath, stop);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return (ExitCode.TemporaryFailure, $"mail system is down: {socketPath}: {(File.Exists(socketPath) ? failure.Message : "no such socket")}");
        }
        await using var connection = new Connection(socket);
        connection.Reader.Timeout = connection.WriteTimeout = _patience;
        if (await ReplyAsync(connection, stop) is var greeting && greeting.Code != 220)
            return Refused(greeting);
        var (mail, notify) = (Ascii.IsValid(header) ? "" : " BODY=8BITMIME", Parameter("NOTIFY", options.Notify));
        mail += Parameter("RET", options.Return) + Parameter("ENVID", options.EnvelopeId);
        List<string> commands = [$"EHLO {hostName}", $"MAIL FROM:<{sender}>{mail}", .. recipients.Select(r => $"RCPT TO:<{r}>{notify}"), "DATA"];
        foreach (var command in commands)
        {
            connection.WriteLine(command);
            await connection.FlushAsync(stop);
            if (await ReplyAsync(connection, stop) is var reply && reply.Code is < 200 or >= 400)
                return Refused(reply);
        }
        connection.Write(header);
        await body.CopyBodyAsync(async piece =>
        {
            connection.Write(piece.Span);
            if (!await connection.FlushAsync(stop))
                throw new IOException("lost connection to the mail system");
        }, stop);
        connection.WriteLine(".");
        await connection.FlushAsync(stop);
        var last = await ReplyAsync(connection, stop);
        connection.WriteLine("QUIT");
        await connection.FlushAsync(stop);
        return last.Code == 250 ? (ExitCode.Ok, null) : Refused(last);
    }

    static string Parameter(string name, string? value) => value is null ? "" : $" {name}={value}";

    static (int, string) Refused((int Code, string Text) reply) => (reply.Code switch
    {
        >= 400 and < 500 or 0 => ExitCode.TemporaryFailure,
        501 or 552 or 553 or 554 => ExitCode.DataError,
        _ => ExitCode.Unavailable,
    }, reply.Text);

    static async Task<(int Code, string Text)> ReplyAsync(Connection connection, CancellationToken stop)
    {
        while (true)
        {
            var line = await connection.Reader.ReadLineAsync(4096, stop);
            if (!line.IsComplete)
                return (0, "lost connection to the mail system");
            var text = line.ToString();
            if (text.Length < 3 || !int.TryParse(text.AsSpan(0, 3), out var code))
                return (0, "the mail system sent nonsense");
            if (text.Length == 3 || text[3] != '-')
                return (code, text);
        }
    }
}
