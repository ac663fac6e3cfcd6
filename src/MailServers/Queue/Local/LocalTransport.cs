using System.Net.Sockets;
using MailServers.Lmtp;
using MailServers.Queue.Schedule;
using MailServers.Queue.SmtpClient;
using MailServers.Queue.Store;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Net;

namespace MailServers.Queue.Local;

/// <summary>A stream to the worker of a user, or why there is none: nouser, denied, temp.</summary>
delegate Task<(string? Code, string Reason, Socket? Stream)> OpenDelivery(string user, CancellationToken stop);

/// <summary>Delivers to users of this machine: aliases, then the user's own worker by LMTP, which also reads the user's .forward.</summary>
sealed class LocalTransport(Aliases aliases, Func<string, bool> isLocal, OpenDelivery open, string hostName, string delimiters, int concurrency, ILogger log, TimeProvider time) : ITransport
{
    static readonly SmtpSettings _timeouts = new() { HeloTimeout = TimeSpan.FromSeconds(60), DataDoneTimeout = TimeSpan.FromMinutes(20) };

    public int RecipientsPerDelivery => 1;

    public int InitialConcurrency => concurrency;

    public int ConcurrencyLimit => concurrency;

    public ILogger Log => log;

    public async Task<IReadOnlyList<DeliveryResult>> DeliverAsync(Delivery delivery, CancellationToken stop)
    {
        var recipient = delivery.Recipients[0];
        var started = time.GetTimestamp();
        DeliveryResult result;
        try
        {
            result = (recipient.MailboxOnly ? null : Expand(recipient)) ?? await ToUserAsync(delivery, recipient, stop);
        }
        catch (IOException trouble)
        {
            // Our own disk or tables, not the user's: wait until somebody has mended them.
            result = new(recipient, Verdict.Deferred, "4.3.0", trouble.Message);
        }
        return [result with { Relay = "local", Transmit = time.GetElapsedTime(started) }];
    }

    DeliveryResult? Expand(Recipient recipient)
    {
        if (aliases.Expand(MailPath.LocalPart(recipient.Address)) is not { } expansion)
            return null;
        return expansion.Status is { } status ? new(recipient, Verdict.Bounced, status, expansion.Text)
            : new(recipient, Verdict.Expanded, "2.0.0", $"forwarded to {expansion.Recipients.Count} address{(expansion.Recipients.Count == 1 ? "" : "es")}") { Forwards = expansion.Recipients };
    }

    async Task<DeliveryResult> ToUserAsync(Delivery delivery, Recipient recipient, CancellationToken stop)
    {
        // A domain that is not ours: lmtpd has found the whole address in the user database.
        var (local, domain) = (UserName.Split(MailPath.LocalPart(recipient.Address).ToLowerInvariant(), delimiters).User, MailPath.Domain(recipient.Address));
        var user = local.Length == 0 || domain.Length == 0 || isLocal(recipient.Address) ? local : $"{local}@{domain}";
        // A name is not a path, nor an option.
        if (user.Length == 0 || user.Contains('/') || user.Contains('\0') || user[0] is '-' or '.')
            return new(recipient, Verdict.Bounced, "5.1.1", $"unknown user: \"{user}\"");
        var (code, reason, stream) = await open(user, stop);
        switch (code)
        {
            case null when stream is not null:
                break;
            case "nouser" when user is "postmaster" or "mailer-daemon":
                QueueLog.RequiredAlias(log, user);
                return new(recipient, Verdict.Sent, "2.0.0", "discarded");
            case "nouser":
                return new(recipient, Verdict.Bounced, "5.1.1", $"unknown user: \"{user}\"");
            case "denied":
                return new(recipient, Verdict.Bounced, "5.7.1", reason);
            default:
                return new(recipient, Verdict.Deferred, "4.3.0", reason) { IsOwnTrouble = true };
        }
        await using var connection = new Connection(stream, time);
        var session = new ClientSession(connection, "local delivery");
        try
        {
            await session.ExpectGreetingAsync(_timeouts.HeloTimeout, stop);
            var features = await session.HelloAsync("LHLO", hostName, _timeouts.HeloTimeout, stop);
            var results = await new MailTransfer(session, features, _timeouts, "local", isLmtp: true).RunAsync(delivery, stop);
            await session.QuitAsync(stop);
            return Plain(results[0]);
        }
        catch (ConversationException lost)
        {
            return new(recipient, Verdict.Deferred, "4.4.2", lost.Message) { IsOwnTrouble = true };
        }
    }

    // The worker is part of us: its words are the reason, without "host … said".
    static DeliveryResult Plain(DeliveryResult result) => result.RemoteReply is not { } reply ? result
        : result with { Text = result.Verdict == Verdict.Sent ? "delivered to mailbox" : ClientReply.WithoutCodes(reply), RemoteHost = null, RemoteReply = null };
}
