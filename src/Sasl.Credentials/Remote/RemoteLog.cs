using Microsoft.Extensions.Logging;

namespace Sasl.Credentials.Remote;

/// <summary>The lines of Cyrus' auth_rimap, which the other mechanisms share.</summary>
static partial class RemoteLog
{
    [LoggerMessage(1, LogLevel.Warning, "auth_{mechanism}: connect {host}[{address}]/{port}: {reason}")]
    public static partial void ConnectFailed(this ILogger log, string mechanism, string host, string address, int port, string reason);

    [LoggerMessage(2, LogLevel.Warning, "auth_{mechanism}: couldn't connect to {host}/{port}")]
    public static partial void NotConnected(this ILogger log, string mechanism, string host, int port);

    [LoggerMessage(3, LogLevel.Warning, "auth_{mechanism}: name {host}: {reason}")]
    public static partial void NotResolved(this ILogger log, string mechanism, string host, string reason);

    [LoggerMessage(4, LogLevel.Warning, "auth_{mechanism}: TLS with {host}/{port}: {reason}")]
    public static partial void TlsFailed(this ILogger log, string mechanism, string host, int port, string reason);

    [LoggerMessage(5, LogLevel.Warning, "auth_{mechanism}: passwords go to {host}/{port} without TLS ({setting})")]
    public static partial void NotEncrypted(this ILogger log, string mechanism, string host, int port, string setting);
}
