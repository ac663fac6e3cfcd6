using Microsoft.Extensions.Logging;

namespace MailServers.Queue;

/// <summary>The names under which the queue's parts log: administrators' scanners look for them.</summary>
sealed record QueueLoggers(ILogger Manager, ILogger Cleanup, ILogger Local, ILogger Smtp, ILogger Error, ILogger Bounce);

/// <summary>The queue's log lines, in Postfix's shapes.</summary>
static partial class QueueLog
{
    [LoggerMessage(3001, LogLevel.Information, "{id}: message-id={messageId}")]
    public static partial void MessageId(ILogger log, string id, string messageId);

    [LoggerMessage(3002, LogLevel.Information, "{id}: from=<{sender}>, size={size}, nrcpt={recipients} (queue active)")]
    public static partial void Active(ILogger log, string id, string sender, long size, int recipients);

    [LoggerMessage(3003, LogLevel.Information, "{id}: to=<{recipient}>, {original}relay={relay}, {delays}, dsn={status}, status={verdict} ({text})")]
    public static partial void Status(ILogger log, string id, string recipient, string original, string relay, string delays, string status, string verdict, string text);

    [LoggerMessage(3004, LogLevel.Information, "{id}: removed")]
    public static partial void Removed(ILogger log, string id);

    [LoggerMessage(3005, LogLevel.Information, "{id}: from=<{sender}>, status=expired, returned to sender")]
    public static partial void Expired(ILogger log, string id, string sender);

    [LoggerMessage(3006, LogLevel.Information, "{id}: sender {kind} notification: {newId}")]
    public static partial void Notification(ILogger log, string id, string kind, string newId);

    [LoggerMessage(3007, LogLevel.Warning, "{id}: undeliverable bounce discarded: to=<{recipient}>: {text}")]
    public static partial void DoubleBounce(ILogger log, string id, string recipient, string text);

    [LoggerMessage(3008, LogLevel.Error, "{id}: damaged queue file moved to corrupt/")]
    public static partial void Damaged(ILogger log, string id);

    [LoggerMessage(3009, LogLevel.Error, "{id}: {what}")]
    public static partial void Trouble(ILogger log, string id, string what);

    [LoggerMessage(3010, LogLevel.Information, "{id}: reject: too many hops ({hops})")]
    public static partial void TooManyHops(ILogger log, string id, int hops);

    [LoggerMessage(3011, LogLevel.Warning, "required alias not found: {name}")]
    public static partial void RequiredAlias(ILogger log, string name);

    [LoggerMessage(3012, LogLevel.Warning, "{table}: {reason}")]
    public static partial void Table(ILogger log, string table, string reason);

    [LoggerMessage(3013, LogLevel.Information, "Untrusted TLS connection established to {relay}: {protocol} with cipher {cipher}")]
    public static partial void Tls(ILogger log, string relay, string protocol, string cipher);

    [LoggerMessage(3014, LogLevel.Information, "{id}: {reason}")]
    public static partial void Host(ILogger log, string id, string reason);

    [LoggerMessage(3016, LogLevel.Warning, "not enough free space in mail queue: {free} bytes")]
    public static partial void DiskFull(ILogger log, long free);

    [LoggerMessage(3015, LogLevel.Information, "queue run: {messages} messages made active")]
    public static partial void Run(ILogger log, int messages);
}
