using Microsoft.Extensions.Logging;

namespace Saslauthd;

/// <summary>
/// The lines that log scanners know from Cyrus: a function name padded to 16, a colon, the text; in facility auth unless log_facility says otherwise. Text from the
/// network goes through <see cref="Field"/>.
/// </summary>
static partial class SaslauthdLog
{
    /// <summary>Nobody may end a bracket and begin one of his own, such as [remote=…], or a new line.</summary>
    public static string Field(string text) => text.AsSpan().IndexOfAny('[', ']') < 0 && !text.Any(char.IsControl) ? text
        : string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = source[i] is '[' or ']' || char.IsControl(source[i]) ? '?' : source[i];
        });

    [LoggerMessage(1, LogLevel.Information, "do_auth         : auth failure: [user={user}] [service={service}] [realm={realm}] [mech={mech}] [reason={reason}]")]
    public static partial void Failure(this ILogger log, string user, string service, string realm, string mech, string reason);

    [LoggerMessage(2, LogLevel.Information, "do_auth         : auth failure: [user={user}] [service={service}] [realm={realm}] [remote={remote}] [mech={mech}] [reason={reason}]")]
    public static partial void FailureFrom(this ILogger log, string user, string service, string realm, string remote, string mech, string reason);

    [LoggerMessage(EventId = 3, Message = "do_auth         : auth success: [user={user}] [service={service}] [realm={realm}] [mech={mech}]")]
    public static partial void Success(this ILogger log, LogLevel level, string user, string service, string realm, string mech);

    [LoggerMessage(EventId = 4, Message = "do_auth         : auth success: [user={user}] [service={service}] [realm={realm}] [remote={remote}] [mech={mech}]")]
    public static partial void SuccessFrom(this ILogger log, LogLevel level, string user, string service, string realm, string remote, string mech);

    [LoggerMessage(EventId = 5, Message = "do_auth         : auth success (cached): [user={user}] [service={service}] [realm={realm}]")]
    public static partial void CachedSuccess(this ILogger log, LogLevel level, string user, string service, string realm);

    [LoggerMessage(EventId = 24, Message = "do_auth         : auth success (cached): [user={user}] [service={service}] [realm={realm}] [remote={remote}]")]
    public static partial void CachedSuccessFrom(this ILogger log, LogLevel level, string user, string service, string realm, string remote);

    [LoggerMessage(6, LogLevel.Error, "do_request      : {problem}")]
    public static partial void BadRequest(this ILogger log, string problem);

    [LoggerMessage(7, LogLevel.Information, "do_request      : incomplete request of {count} bytes, connection closed")]
    public static partial void Incomplete(this ILogger log, int count);

    [LoggerMessage(8, LogLevel.Debug, "do_request      : connection closed without a request")]
    public static partial void NoRequest(this ILogger log);

    [LoggerMessage(9, LogLevel.Warning, "ipc_loop        : too many silent connections, closed {count} of the oldest")]
    public static partial void SilentDropped(this ILogger log, int count);

    [LoggerMessage(10, LogLevel.Information, "detach_tty      : master pid is: {pid}")]
    public static partial void MasterPid(this ILogger log, int pid);

    [LoggerMessage(11, LogLevel.Information, "ipc_init        : listening on socket: {path}")]
    public static partial void Listening(this ILogger log, string path);

    [LoggerMessage(12, LogLevel.Information, "server_exit     : master exited: {pid}")]
    public static partial void MasterExited(this ILogger log, int pid);

    [LoggerMessage(13, LogLevel.Information, "handle_sighup   : configuration read, new workers, remembered logins forgotten")]
    public static partial void Reloaded(this ILogger log);

    [LoggerMessage(23, LogLevel.Error, "handle_sighup   : the old configuration goes on: {problem}")]
    public static partial void NotReloaded(this ILogger log, string problem);

    [LoggerMessage(14, LogLevel.Error, "main            : {problem}")]
    public static partial void Refused(this ILogger log, string problem);

    [LoggerMessage(16, LogLevel.Information, "do_request      : the client went before its turn came, nothing was checked")]
    public static partial void Abandoned(this ILogger log);

    [LoggerMessage(17, LogLevel.Error, "ipc_loop        : out of descriptors, connections have to wait")]
    public static partial void Starved(this ILogger log);

    [LoggerMessage(18, LogLevel.Error, "worker          : {mechanism} worker {pid}: {reason}, replaced")]
    public static partial void WorkerEnded(this ILogger log, string mechanism, int pid, string reason);

    [LoggerMessage(19, LogLevel.Error, "worker          : {mechanism}: {problem}")]
    public static partial void WorkerNotStarted(this ILogger log, string mechanism, string problem);

    [LoggerMessage(20, LogLevel.Warning, "ipc_loop        : uid {uid} (process {pid}) may not ask: refused {count} times")]
    public static partial void Denied(this ILogger log, uint uid, int pid, int count);

    [LoggerMessage(21, LogLevel.Error, "main            : {problem}")]
    public static partial void Misconfigured(this ILogger log, string problem);

    [LoggerMessage(22, LogLevel.Warning, "main            : {problem}")]
    public static partial void Warned(this ILogger log, string problem);

    [LoggerMessage(15, LogLevel.Error, "ipc_loop        : a conversation failed")]
    public static partial void Bug(this ILogger log, Exception bug);
}
