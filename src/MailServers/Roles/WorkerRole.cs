// Invariants:
//  * This process is the mailbox's owner and nobody else; it got that identity before it read anything.
//  * It listens on nothing. The streams that it serves come over the supervisor's channel, and it does not know whether one is the
//    client's socket or a relay.
//  * All sessions of one mail location share one store, so that a delivery is told to an idle session at once.
using System.Net.Sockets;
using MailServers.Imap;
using MailServers.Lmtp;
using MailServers.Pop3;
using MailStore;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes the mailbox worker of one uid: it serves the streams that the supervisor attaches and owns that uid's mail.</summary>
static class WorkerRole
{
    static readonly TimeSpan _drainPatience = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(SupervisedChild supervisor, LogTarget target)
    {
        // The lines of the sessions name the service themselves: imap(user)<pid><session>.
        using var log = new DaemonLog("", Facility.Mail, target, LogStyle.Dovecot);
        var sessions = new WorkerSessions(new WorkerConfiguration(supervisor), log, supervisor.Draining);
        supervisor.Attached = async (attachment, stream) =>
        {
            await sessions.ServeAsync(attachment, stream);
            await supervisor.DetachedAsync(sessions.Served, sessions.Received);
        };
        var channel = supervisor.RunAsync();
        await supervisor.ReadyAsync();
        await Task.WhenAny(channel, Task.Delay(Timeout.Infinite, supervisor.Draining));
        await sessions.WaitAsync(_drainPatience);
    }
}

/// <summary>The texts that the supervisor sent, read when the first session of a protocol needs them: a worker is to start fast and stay small.</summary>
sealed class WorkerConfiguration(SupervisedChild supervisor)
{
    readonly Lazy<Pop3Settings> _pop3 = new(() => Pop3Settings.From(Settings.Deserialize(DovecotConf.Table, supervisor.Require("pop3"))));
    readonly Lazy<ImapSettings> _imap = new(() => ImapSettings.From(Settings.Deserialize(DovecotConf.Table, supervisor.Require("imap"))));
    readonly Lazy<LmtpDelivery> _lmtp = new(() => LmtpDelivery.From(MainCf.Deserialize(supervisor.Require("main.cf"), SystemInfo.Current())));

    public Pop3Settings Pop3 => _pop3.Value;

    public ImapSettings Imap => _imap.Value;

    public LmtpDelivery LmtpFor(Attachment attachment) => _lmtp.Value with { User = attachment.User, Home = attachment.Home, Session = attachment.Session };
}

/// <summary>The running sessions and the stores that they share.</summary>
sealed class WorkerSessions(WorkerConfiguration configuration, ILogger log, CancellationToken draining)
{
    readonly Dictionary<string, (Lazy<IStore> Store, int Users)> _stores = new(StringComparer.Ordinal);
    /// <summary>One for the users of this uid: the kernel gives it 128, and virtual users may be thousands. Null when it gives none.</summary>
    readonly Lazy<Inotify?> _changes = new(static () => Inotify.TryCreate(out _));
    readonly Lock _gate = new();
    readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _served;
    long _received;

    public int Served => Volatile.Read(ref _served);

    public long Received => Volatile.Read(ref _received);

    public async Task ServeAsync(Attachment attachment, Socket stream)
    {
        Interlocked.Increment(ref _received);
        Interlocked.Increment(ref _served);
        try
        {
            await using var connection = new Connection(stream, attachment.Leftover);
            try
            {
                await ServeAsync(attachment, connection);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                WorkerLog.Failed(log, failure, attachment.Protocol, attachment.User, Environment.ProcessId, attachment.Session, attachment.Mail, attachment.Home);
                await RefuseAsync(attachment, connection);
            }
        }
        finally
        {
            if (Interlocked.Decrement(ref _served) == 0 && draining.IsCancellationRequested)
                _empty.TrySetResult();
        }
    }

    /// <summary>Waits until every session has ended; those that do not in time are cut off when the process ends.</summary>
    public async Task WaitAsync(TimeSpan patience)
    {
        if (Served > 0)
            await Task.WhenAny(_empty.Task, Task.Delay(patience));
    }

    async Task ServeAsync(Attachment attachment, Connection connection)
    {
        var location = MailLocation.Parse(attachment.Mail, attachment.User, attachment.Home);
        var key = location.ToString();
        try
        {
            var store = Take(key, location);
            await (attachment.Protocol switch
            {
                "imap" => ImapSession.RunAsync(connection, store, new(attachment.User, attachment.Tag, attachment.Session), configuration.Imap, log, draining),
                "pop3" => Pop3Session.RunAsync(connection, store, new(attachment.User, attachment.Session), configuration.Pop3, log, draining),
                "lmtp" => LmtpSession.RunAsync(connection, store, configuration.LmtpFor(attachment), log, draining),
                _ => throw new InvalidDataException($"a worker does not speak {attachment.Protocol}"),
            });
        }
        finally
        {
            Give(key);
        }
    }

    /// <summary>The mailbox could not be opened, or a bug showed: the client hears it in its own protocol, with no detail.</summary>
    static async Task RefuseAsync(Attachment attachment, Connection connection)
    {
        connection.WriteLine(attachment.Protocol switch
        {
            "imap" => "* BYE [UNAVAILABLE] Internal error occurred. Refer to server log for more information.",
            "pop3" => "-ERR [SYS/TEMP] Internal error occurred. Refer to server log for more information.",
            _ => "421 4.3.0 Internal error",
        });
        await connection.FlushAsync();
    }

    IStore Take(string key, MailLocation location)
    {
        Lazy<IStore> store;
        lock (_gate)
        {
            (store, var users) = _stores.TryGetValue(key, out var open) ? open : (new Lazy<IStore>(() => Stores.Open(location, log: log, changes: _changes.Value)), 0);
            _stores[key] = (store, users + 1);
        }
        return store.Value;
    }

    void Give(string key)
    {
        Lazy<IStore>? last = null;
        lock (_gate)
        {
            var (store, users) = _stores[key];
            if (users > 1)
                _stores[key] = (store, users - 1);
            else if (_stores.Remove(key))
                last = store;
        }
        if (last is { IsValueCreated: true })
            last.Value.Dispose();
    }
}

static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Error, "{protocol}({user})<{pid}><{session}>: the session failed with mail_location={mail}, home={home}")]
    public static partial void Failed(ILogger log, Exception failure, string protocol, string user, int pid, string session, string mail, string home);
}
