// The IMAP4rev1 server of a mailbox worker (RFC 3501), from the moment a login has succeeded.
//
// Invariants:
//  * One command at a time, in the order in which they came; each gets exactly one tagged response.
//  * The view's numbers change only in TellChanges, which writes what it changed: client and server count alike (RFC 3501 §7.4.1).
//  * A command that fails inside a response ends the connection: half a response would be read as something else.
//  * A command's text never becomes protocol: names and texts go out through ImapWriter, which quotes, encodes or makes literals.
using MailServers.Imap.Wire;
using MailStore;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace MailServers.Imap;

/// <summary>One client's session. The class greets, loops and dispatches; the commands are in the table.</summary>
sealed class ImapSession
{
    readonly ImapGreeting _greeting;
    readonly ILogger _log;
    int _badInARow;

    ImapSession(Connection connection, IStore store, ImapGreeting greeting, ImapSettings settings, ILogger log, CancellationToken drain)
    {
        (_greeting, _log) = (greeting, log);
        (Store, Settings, Drain) = (store, settings, drain);
        Writer = new ImapWriter(connection);
        Input = new ImapInput(connection, Writer, settings);
        connection.Reader.Timeout = settings.IdleTimeout;
        Reader = connection.Reader;
    }

    public IStore Store { get; }

    public ImapSettings Settings { get; }

    public ImapWriter Writer { get; }

    public ImapInput Input { get; }

    public LineReader Reader { get; }

    public CancellationToken Drain { get; }

    public ImapCounters Counters { get; } = new();

    /// <summary>The selected mailbox, or null in authenticated state.</summary>
    public SelectedMailbox? Selected { get; private set; }

    /// <summary>Serves until the client logs out, goes away, says nothing for too long, or the worker is drained. The caller closes the connection.</summary>
    public static async Task RunAsync(Connection connection, IStore store, ImapGreeting greeting, ImapSettings settings, ILogger log, CancellationToken drain)
    {
        var session = new ImapSession(connection, store, greeting, settings, log, drain);
        var reason = "Connection closed";
        try
        {
            reason = await session.ServeAsync();
        }
        catch (PeerGoneException)
        {
            // Told by the log line below.
        }
        finally
        {
            session.Deselect();
            ImapLog.Disconnected(log, greeting.User, Environment.ProcessId, greeting.SessionId, reason, session.Input.Read, session.Writer.Written, session.Counters);
        }
    }

    /// <summary>Leaves the selected mailbox, if there is one, and enters another, if one is given.</summary>
    public void Select(IMailboxView? view)
    {
        Deselect();
        if (view is not null)
            Selected = new SelectedMailbox(view);
    }

    /// <summary>Writes what changed in the selected mailbox: RFC 3501 §7.4.1 EXPUNGE, then EXISTS, RECENT and FETCH FLAGS.</summary>
    public ValueTask TellChangesAsync(bool allowExpunge, bool withUid) =>
        Selected is { } selected ? selected.TellChangesAsync(Writer, allowExpunge, withUid) : ValueTask.CompletedTask;

    void Deselect()
    {
        Selected?.View.Dispose();
        Selected = null;
    }

    async Task<string> ServeAsync()
    {
        try
        {
            Writer.Line(_greeting.Tag is { } tag
                ? $"{tag} OK [CAPABILITY {ImapCapabilities.Text(Settings)}] Logged in"
                : $"* PREAUTH [CAPABILITY {ImapCapabilities.Text(Settings)}] Logged in");
            while (true)
            {
                await Writer.FlushAsync();
                var status = await Input.ReadCommandAsync(Drain);
                if (status == InputStatus.Complete)
                {
                    if (await AnswerAsync() is { } over)
                        return over;
                    status = await Input.DiscardPendingAsync(Drain);
                }
                if (status != InputStatus.Complete)
                    return await EndAsync(status);
            }
        }
        catch (OperationCanceledException) when (Drain.IsCancellationRequested)
        {
            return await ByeAsync("Server shutting down.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The selected mailbox cannot be looked at any more: it was removed under us, or its disk is gone.
            ImapLog.Failed(_log, failure, _greeting.User, Environment.ProcessId, _greeting.SessionId, "reading the selected mailbox");
            return await ByeAsync("Selected mailbox is gone.");
        }
    }

    /// <summary>Runs one command and writes its tagged response. Not null: why the session is over.</summary>
    async ValueTask<string?> AnswerAsync()
    {
        var arguments = new ImapDecoder(Input.Command);
        var tag = arguments.ExpectTag();
        if (arguments.Failed)
            return await BadAsync("*", "", arguments.Error!);
        arguments.ExpectSpace();
        var name = arguments.ExpectAtom("Missing command.");
        var byUid = name.Equals("UID", StringComparison.OrdinalIgnoreCase);
        if (byUid)
        {
            arguments.ExpectSpace();
            name = "UID " + arguments.ExpectAtom("Missing command.");
        }
        if (Input.Refusal is { } refusal)
            arguments.Fail(refusal);
        var command = ImapCommands.Find(name);
        if (command is null && !arguments.Failed)
            arguments.Fail("Unknown command.");
        else if (command is not null && (command.States & (Selected is null ? ImapStates.Authenticated : ImapStates.Selected)) == 0)
            arguments.Fail(command.States == ImapStates.NotAuthenticated ? "Already logged in." : "No mailbox selected.");
        if (arguments.Failed)
            return await BadAsync(tag, name, arguments.Error!);
        var reply = await RunAsync(command!, new ImapRequest(tag, arguments, byUid));
        if (reply.Kind == ReplyKind.Bye)
            return reply.Text;
        if (reply.Kind == ReplyKind.Bad)
            return await BadAsync(tag, name, reply.Text);
        _badInARow = 0;
        await TellChangesAsync(!command!.KeepsNumbers, byUid);
        Tagged(tag, reply);
        return null;
    }

    async ValueTask<ImapReply> RunAsync(ImapCommand command, ImapRequest request)
    {
        try
        {
            return await command.RunAsync(this, request);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            ImapLog.Failed(_log, failure, _greeting.User, Environment.ProcessId, _greeting.SessionId, command.Name);
            if (Input.IsReadingAhead)
                return ImapReply.End(await ByeAsync("Internal error occurred."));
            return Writer.InResponse ? ImapReply.End("Internal error")
                : ImapReply.No("Internal error occurred. Refer to server log for more information.", "SERVERBUG");
        }
    }

    void Tagged(string tag, ImapReply reply) =>
        Writer.Line($"{tag} {(reply.Kind == ReplyKind.Ok ? "OK" : "NO")} {(reply.Code is { } code ? $"[{code}] " : "")}{reply.Text}");

    /// <summary>A client that makes nothing but mistakes is shown out.</summary>
    async ValueTask<string?> BadAsync(string tag, string command, string error)
    {
        Writer.Line($"{tag} BAD Error in IMAP command {(command.Length == 0 ? "received by server" : command.ToUpperInvariant())}: {error}");
        return ++_badInARow < Settings.MostBadCommands ? null : await ByeAsync("Too many invalid IMAP commands.");
    }

    /// <summary>Says goodbye when input has ended in a way that allows it; the reason for the log.</summary>
    public ValueTask<string> EndAsync(InputStatus status) => status switch
    {
        InputStatus.TimedOut => ByeAsync("Disconnected for inactivity."),
        InputStatus.TooLong => ByeAsync("Command line or literal too long."),
        _ => ValueTask.FromResult("Connection closed"),
    };

    async ValueTask<string> ByeAsync(string text)
    {
        Writer.Line("* BYE " + text);
        await Writer.FlushAsync();
        return text.TrimEnd('.');
    }
}
