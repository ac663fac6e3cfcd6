// Invariants of an LMTP connection (RFC 2033):
//  * After DATA there is exactly one reply per accepted recipient, in their order, whatever happened.
//  * A positive reply after DATA is only what the service's commit returned.
//  * Every line and block has a maximum and a deadline; ten errors end the dialogue.
using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace MailServers.Lmtp;

[Flags]
enum LmtpState { Connected = 1, Greeted = 2, Mail = 4, Recipients = 8, Any = 15 }

/// <summary>The server's side of one LMTP connection: reads, dispatches, answers. What happens to mail is the service's business.</summary>
sealed class LmtpServer(Connection connection, ILmtpService service, ILogger log)
{
    const int LongestLine = 4096;
    const int MostErrors = 10;

    delegate ValueTask<Reply> Command(LmtpServer server, string arguments, CancellationToken stop);

    static readonly FrozenDictionary<string, (LmtpState Allowed, Command Run)> _commands = new Dictionary<string, (LmtpState, Command)>
    {
        ["LHLO"] = (LmtpState.Any, LhloCommand.RunAsync),
        ["MAIL"] = (LmtpState.Greeted, MailFromCommand.RunAsync),
        ["RCPT"] = (LmtpState.Mail | LmtpState.Recipients, RcptToCommand.RunAsync),
        ["DATA"] = (LmtpState.Recipients, DataCommand.RunAsync),
        ["RSET"] = (LmtpState.Any, RsetCommand.RunAsync),
        ["NOOP"] = (LmtpState.Any, static (_, _, _) => new(Reply.Ok)),
        ["VRFY"] = (LmtpState.Any, static (_, _, _) => new(new Reply(252, "2.0.0", "Send some mail, I will try my best"))),
        ["QUIT"] = (LmtpState.Any, static (server, _, _) => { server.IsQuit = true; return new(new Reply(221, "2.0.0", "Bye")); }),
    }.ToFrozenDictionary();

    public Connection Connection => connection;

    public ILmtpService Service => service;

    public ILogger Log => log;

    public LmtpState State { get; set; } = LmtpState.Connected;

    public ILmtpTransaction? Transaction { get; set; }

    public int Recipients { get; set; }

    public string ClientName { get; set; } = "localhost";

    public bool IsQuit { get; set; }

    public async Task RunAsync(CancellationToken stop)
    {
        connection.Reader.Timeout = TimeSpan.FromMinutes(5);
        connection.WriteLine($"220 {service.HostName} LMTP");
        try
        {
            for (var errors = 0; !IsQuit;)
            {
                if (!connection.Reader.HasBufferedInput && !await connection.FlushAsync(stop))
                    return;
                var line = await connection.Reader.ReadLineAsync(LongestLine, stop);
                if (line.Status == LineStatus.TimedOut)
                {
                    Write(new(421, "4.4.2", $"{service.HostName} Error: timeout exceeded"));
                    return;
                }
                if (line.IsEnd)
                    return;
                var reply = await DispatchAsync(line, stop);
                Write(reply);
                if (reply.Code is >= 500 and <= 503 && ++errors >= MostErrors)
                {
                    Write(new(421, "4.7.0", $"{service.HostName} Error: too many errors"));
                    return;
                }
            }
        }
        finally
        {
            await ResetAsync();
            await connection.FlushAsync(CancellationToken.None);
        }
    }

    /// <summary>Back to "no mail under way"; whatever the transaction held is gone.</summary>
    public async ValueTask ResetAsync()
    {
        if (Transaction is { } transaction)
            await transaction.DisposeAsync();
        Transaction = null;
        Recipients = 0;
        if (State != LmtpState.Connected)
            State = LmtpState.Greeted;
    }

    public void Write(Reply reply)
    {
        // An empty text means that the command has written its replies itself.
        if (reply.Code != 0)
            connection.WriteLine(reply.ToString());
    }

    ValueTask<Reply> DispatchAsync(Line line, CancellationToken stop)
    {
        if (line.Status == LineStatus.TooLong)
            return new(new Reply(500, "5.5.2", "Error: line too long"));
        if (!line.IsComplete)
            return new(new Reply(500, "5.5.2", "Error: bad character in command"));
        var text = Encoding.UTF8.GetString(line.Bytes.Span);
        var blank = text.IndexOf(' ');
        var verb = (blank < 0 ? text : text[..blank]).ToUpperInvariant();
        if (!_commands.TryGetValue(verb, out var command))
        {
            // RFC 2033 §4.1: HELO and EHLO are not LMTP.
            return new(verb is "HELO" or "EHLO" ? new Reply(500, "5.5.1", "This is LMTP, say LHLO") : new Reply(502, "5.5.2", "Error: command not recognized"));
        }
        if ((command.Allowed & State) == 0)
            return new(OutOfOrder(verb));
        return command.Run(this, blank < 0 ? "" : text[(blank + 1)..].TrimEnd(' '), stop);
    }

    Reply OutOfOrder(string verb) => new(503, "5.5.1", (verb, State) switch
    {
        (_, LmtpState.Connected) => "Error: send LHLO first",
        ("MAIL", _) => "Error: nested MAIL command",
        ("DATA", LmtpState.Mail) => "Error: no valid recipients",
        _ => "Error: need MAIL command",
    });
}
