// The POP3 server of a mailbox worker (RFC 1939), from the moment a login has succeeded.
//
// Invariants:
//  * The maildrop is frozen when the session begins; messages go only at QUIT, and only those that this session marked.
//  * Every command gets exactly one response; a response that breaks off in the middle ends the connection.
using System.Globalization;
using MailStore;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace MailServers.Pop3;

/// <summary>One client's session. The class greets, loops and dispatches; the commands are in the table.</summary>
sealed class Pop3Session
{
    // RFC 2449 §4: a command line has at most 255 octets; some clients exceed it a little.
    const int LongestLine = 512, MostBadCommands = 20;

    readonly Pop3Greeting _greeting;
    readonly ILogger _log;
    int _bad;

    Pop3Session(Connection connection, Maildrop maildrop, Pop3Greeting greeting, Pop3Settings settings, ILogger log)
    {
        (Connection, Maildrop, _greeting, Settings, _log) = (connection, maildrop, greeting, settings, log);
        Counters = new() { Messages = maildrop.Total, Size = maildrop.TotalSize };
        connection.Reader.Timeout = settings.IdleTimeout;
    }

    public Connection Connection { get; }

    public Maildrop Maildrop { get; }

    public Pop3Settings Settings { get; }

    public Pop3Counters Counters { get; }

    /// <summary>Serves until the client quits, goes away, says nothing for too long, or the worker is drained. The caller closes the connection.</summary>
    public static async Task RunAsync(Connection connection, IStore store, Pop3Greeting greeting, Pop3Settings settings, ILogger log, CancellationToken drain)
    {
        try
        {
            if (store.Select("INBOX", readOnly: false) is not { } view)
                throw new IOException("there is no INBOX");
            using var maildrop = new Maildrop(view);
            await new Pop3Session(connection, maildrop, greeting, settings, log).ServeAsync(drain);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Pop3Log.Failed(log, failure, greeting.User, Environment.ProcessId, greeting.SessionId, "opening the INBOX");
            connection.WriteLine("-ERR [SYS/TEMP] Internal error occurred. Refer to server log for more information.");
            await connection.FlushAsync(CancellationToken.None);
        }
    }

    public void Reply(string line) => Connection.WriteLine(line);

    /// <summary>The message that an argument means. Null when it means none; the client has been told.</summary>
    public int? Number(string argument)
    {
        if (!int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            Reply("-ERR Invalid message number.");
        else if (number < 1 || number > Maildrop.Total)
            Reply($"-ERR There is no message {number}.");
        else if (Maildrop.IsDeleted(number))
            Reply($"-ERR Message {number} is deleted.");
        else
            return number;
        return null;
    }

    async Task ServeAsync(CancellationToken drain)
    {
        var reason = "Connection closed";
        try
        {
            Reply("+OK Logged in.");
            reason = await LoopAsync(drain);
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            reason = "Server shutting down.";
            Reply("-ERR [SYS/TEMP] Server shutting down.");
        }
        Finish();
        await Connection.FlushAsync(CancellationToken.None);
        Pop3Log.Disconnected(_log, _greeting.User, Environment.ProcessId, _greeting.SessionId, reason, Counters);
    }

    async Task<string> LoopAsync(CancellationToken drain)
    {
        while (await Connection.FlushAsync(drain))
        {
            var line = await Connection.Reader.ReadLineAsync(LongestLine, drain);
            if (line.Status == LineStatus.TimedOut)
            {
                Reply("-ERR Disconnected for inactivity.");
                return "Disconnected for inactivity";
            }
            if (line.IsEnd)
                break;
            if (await AnswerAsync(line) is { } over)
                return over;
        }
        return "Connection closed";
    }

    async ValueTask<string?> AnswerAsync(Line line)
    {
        var text = line.IsComplete ? line.ToString() : "";
        var space = text.IndexOf(' ');
        var command = Pop3Commands.Find(space < 0 ? text : text[..space]);
        if (command is null)
        {
            if (++_bad >= MostBadCommands)
            {
                Reply("-ERR Too many bad commands.");
                return "Too many bad commands";
            }
            Reply(line.Status == LineStatus.TooLong ? "-ERR Command line too long." : "-ERR Unknown command.");
            return null;
        }
        try
        {
            return await command.RunAsync(this, space < 0 ? "" : text[(space + 1)..].Trim());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Half a response may be out: whatever came next would be read as part of it.
            Pop3Log.Failed(_log, failure, _greeting.User, Environment.ProcessId, _greeting.SessionId, command.Name);
            return "Internal error";
        }
    }

    void Finish()
    {
        try
        {
            if (!Settings.NoFlagUpdates)
                Maildrop.MarkSeen();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Pop3Log.Failed(_log, failure, _greeting.User, Environment.ProcessId, _greeting.SessionId, "marking messages as seen");
        }
    }
}
