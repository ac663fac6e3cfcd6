using Microsoft.Extensions.Logging;

namespace Sasl.Credentials.Sources;

static partial class PasswdFileLog
{
    [LoggerMessage(5011, LogLevel.Warning, "auth_passwdfile : {problem}")]
    public static partial void BadLine(this ILogger log, string problem);

    [LoggerMessage(5012, LogLevel.Information, "auth_passwdfile : {count} users in {path}")]
    public static partial void Loaded(this ILogger log, int count, string path);

    [LoggerMessage(5013, LogLevel.Warning, "passwd-file: {problem}")]
    public static partial void BadUser(this ILogger log, string problem);

    [LoggerMessage(5014, LogLevel.Debug, "passwd-file: {count} users in {path}")]
    public static partial void Read(this ILogger log, int count, string path);
}
