using Microsoft.Extensions.Logging;

namespace AuthServer;

/// <summary>The lines that administrators and log scanners know. No line ever holds a secret or SASL data.</summary>
static partial class AuthServerLog
{
    [LoggerMessage(1, LogLevel.Information, "{source}({who}): {reason}")]
    public static partial void Refused(this ILogger log, string source, string who, string reason);

    [LoggerMessage(2, LogLevel.Error, "{source}({who}): {reason}")]
    public static partial void Unavailable(this ILogger log, string source, string who, string reason);

    [LoggerMessage(3, LogLevel.Debug, "auth({who}): {mechanism} login succeeded")]
    public static partial void Succeeded(this ILogger log, string who, string mechanism);

    [LoggerMessage(4, LogLevel.Warning, "BUG: Authentication client (pid {pid}) sent {reason}; connection closed")]
    public static partial void BrokenClient(this ILogger log, int pid, string reason);

    [LoggerMessage(5, LogLevel.Warning, "BUG: Authentication master (pid {pid}, uid {uid}) sent {reason}; connection closed")]
    public static partial void BrokenMaster(this ILogger log, int pid, uint uid, string reason);

    [LoggerMessage(6, LogLevel.Warning, "request {id} of client {pid} is refused: {reason}")]
    public static partial void RequestRefused(this ILogger log, uint id, int pid, string reason);

    [LoggerMessage(7, LogLevel.Error, "userdb {driver}({user}): {reason}")]
    public static partial void UserdbFailed(this ILogger log, string driver, string user, string reason);

    [LoggerMessage(8, LogLevel.Warning, "userdb {driver}({user}): uid 0 may not be a mail user")]
    public static partial void RootUser(this ILogger log, string driver, string user);

    [LoggerMessage(9, LogLevel.Warning, "{name}: client_limit reached, a connection was closed")]
    public static partial void Full(this ILogger log, string name);

    [LoggerMessage(13, LogLevel.Error, "{name}: out of descriptors, connections have to wait")]
    public static partial void Starved(this ILogger log, string name);

    [LoggerMessage(10, LogLevel.Error, "a connection ended with a bug")]
    public static partial void Bug(this ILogger log, Exception bug);

    [LoggerMessage(11, LogLevel.Information, "auth server ready: {mechanisms}; {listeners}")]
    public static partial void Ready(this ILogger log, string mechanisms, string listeners);

    [LoggerMessage(40, LogLevel.Warning, "{driver}: {problem}")]
    public static partial void SettingIgnored(this ILogger log, string driver, string problem);

    [LoggerMessage(41, LogLevel.Information, "ldap({who}): {step}")]
    public static partial void LdapStep(this ILogger log, string who, string step);

    [LoggerMessage(42, LogLevel.Information, "oauth2({who}): {step}")]
    public static partial void OAuth2Step(this ILogger log, string who, string step);

    [LoggerMessage(12, LogLevel.Critical, "{reason}")]
    public static partial void CannotStart(this ILogger log, string reason);

    [LoggerMessage(14, LogLevel.Information, "auth({who}): debug: {step}")]
    public static partial void Explained(this ILogger log, string who, string step);

    [LoggerMessage(15, LogLevel.Information, "configuration reloaded: {mechanisms}")]
    public static partial void Reloaded(this ILogger log, string mechanisms);

    [LoggerMessage(16, LogLevel.Error, "the configuration is not reloaded, the old one stays: {reason}")]
    public static partial void NotReloaded(this ILogger log, string reason);

    [LoggerMessage(17, LogLevel.Warning, "{path}: sockets of the type {type} are not implemented in this version")]
    public static partial void NotServed(this ILogger log, string path, string type);

    [LoggerMessage(21, LogLevel.Information, "{source}({who}): the stored password was upgraded from {old} to {now}")]
    public static partial void Upgraded(this ILogger log, string source, string who, string old, string now);

    [LoggerMessage(22, LogLevel.Warning, "{source}({who}): the stored password could not be upgraded: {reason}")]
    public static partial void NotUpgraded(this ILogger log, string source, string who, string reason);

    [LoggerMessage(23, LogLevel.Warning, "{source}: of {count} stored passwords that were looked at, {weak} are of weak schemes ({names}), which auth_allow_weak_schemes = no refuses: their users cannot log in with a password")]
    public static partial void WeakSchemes(this ILogger log, string source, int count, int weak, string names);

    [LoggerMessage(24, LogLevel.Warning, "{path} cannot be used ({reason}): until the next start only, what is made up for unknown users stays the same")]
    public static partial void NoDecoyKey(this ILogger log, string path, string reason);
}
