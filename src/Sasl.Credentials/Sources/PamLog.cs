using Microsoft.Extensions.Logging;

namespace Sasl.Credentials.Sources;

static partial class PamLog
{
    [LoggerMessage(5001, LogLevel.Debug, "auth_pam        : {call} failed: {text}")]
    public static partial void PamFailed(this ILogger log, string call, string text);

    [LoggerMessage(5002, LogLevel.Error, "auth_pam        : pam_start failed for service {service}: {text}")]
    public static partial void PamStartFailed(this ILogger log, string service, string text);

    [LoggerMessage(5003, LogLevel.Debug, "auth_pam        : {text}")]
    public static partial void PamSaid(this ILogger log, string text);
}
