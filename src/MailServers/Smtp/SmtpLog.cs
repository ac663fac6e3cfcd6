using Microsoft.Extensions.Logging;

namespace MailServers.Smtp;

/// <summary>The lines that administrators and log scanners match; their wording is Postfix's and must not change.</summary>
static partial class SmtpLog
{
    [LoggerMessage(3001, LogLevel.Information, "connect from {client}")]
    public static partial void Connect(ILogger log, ClientIdentity client);

    [LoggerMessage(3002, LogLevel.Information, "disconnect from {client} {counters}")]
    public static partial void Disconnect(ILogger log, ClientIdentity client, SessionCounters counters);

    [LoggerMessage(3003, LogLevel.Information, "NOQUEUE: {what}: {where} from {client}: {reply}; {details}")]
    public static partial void Reject(ILogger log, string what, string where, ClientIdentity client, string reply, string details);

    [LoggerMessage(3004, LogLevel.Information, "{id}: client={client}{login}")]
    public static partial void Queued(ILogger log, string id, ClientIdentity client, string login);

    [LoggerMessage(3005, LogLevel.Information, "{id}: uid={uid} from=<{sender}>")]
    public static partial void PickedUp(ILogger log, string id, uint uid, string sender);

    [LoggerMessage(3006, LogLevel.Information, "NOQUEUE: {what} after {command} from {client}")]
    public static partial void Ended(ILogger log, string what, string command, ClientIdentity client);

    [LoggerMessage(3007, LogLevel.Information, "improper command pipelining after {command} from {client}: {text}")]
    public static partial void Pipelining(ILogger log, string command, ClientIdentity client, string text);

    [LoggerMessage(3008, LogLevel.Warning, "non-SMTP command from {client}: {text}")]
    public static partial void NonSmtp(ILogger log, ClientIdentity client, string text);

    [LoggerMessage(3024, LogLevel.Warning, "{client}: request longer than {limit}")]
    public static partial void TooLong(ILogger log, ClientIdentity client, int limit);

    [LoggerMessage(3025, LogLevel.Warning, "Illegal address syntax from {client} in {command} command: {text}")]
    public static partial void BadAddress(ILogger log, ClientIdentity client, string command, string text);

    [LoggerMessage(3009, LogLevel.Warning, "Connection concurrency limit exceeded: {count} from {client} for service smtp")]
    public static partial void TooManyConnections(ILogger log, int count, ClientIdentity client);

    [LoggerMessage(3023, LogLevel.Warning, "{name} rate limit exceeded: {rate} from {client} for service smtp")]
    public static partial void RateExceeded(ILogger log, string name, int rate, ClientIdentity client);

    [LoggerMessage(3010, LogLevel.Warning, "{client}: SASL {mechanism} authentication failed: {reason}, sasl_username={user}")]
    public static partial void AuthenticationFailed(ILogger log, ClientIdentity client, string mechanism, string reason, string user);

    [LoggerMessage(3011, LogLevel.Warning, "{client}: SASL {mechanism} authentication aborted")]
    public static partial void AuthenticationAborted(ILogger log, ClientIdentity client, string mechanism);

    [LoggerMessage(3012, LogLevel.Warning, "SASL: Connect to Dovecot auth socket '{path}' failed: {reason}")]
    public static partial void AuthSocketFailed(ILogger log, string path, string reason);

    [LoggerMessage(3013, LogLevel.Warning, "unknown smtpd restriction: \"{word}\"")]
    public static partial void UnknownRestriction(ILogger log, string word);

    [LoggerMessage(3014, LogLevel.Warning, "the queue did not take a message: {reason}")]
    public static partial void QueueUnavailable(ILogger log, string reason);

    [LoggerMessage(3015, LogLevel.Information, "SSL_accept error from {client}: {reason}")]
    public static partial void TlsFailed(ILogger log, ClientIdentity client, string reason);

    [LoggerMessage(3016, LogLevel.Information, "Anonymous TLS connection established from {client}: {protocol} with cipher {cipher}")]
    public static partial void TlsEstablished(ILogger log, ClientIdentity client, string protocol, string cipher);

    [LoggerMessage(3017, LogLevel.Warning, "hostname {name} does not resolve to address {address}")]
    public static partial void NameMismatch(ILogger log, string name, string address);

    [LoggerMessage(3018, LogLevel.Error, "a connection ended by a bug: {what}")]
    public static partial void Bug(ILogger log, string what);

    [LoggerMessage(3019, LogLevel.Warning, "user look-up for <{recipient}> failed: {reason}")]
    public static partial void UserLookupFailed(ILogger log, string recipient, string reason);

    [LoggerMessage(3020, LogLevel.Warning, "{path}: {reason}")]
    public static partial void AliasFile(ILogger log, string path, string reason);

    [LoggerMessage(3021, LogLevel.Critical, "{reason}")]
    public static partial void Fatal(ILogger log, string reason);

    [LoggerMessage(3022, LogLevel.Information, "NOQUEUE: AUTH from {client} refused: TLS is required first (smtpd_tls_auth_only)")]
    public static partial void AuthNeedsTls(ILogger log, ClientIdentity client);
}
