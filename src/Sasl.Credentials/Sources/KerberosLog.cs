using Microsoft.Extensions.Logging;
using Sasl.Credentials.Native;

namespace Sasl.Credentials.Sources;

static partial class KerberosLog
{
    [LoggerMessage(5021, LogLevel.Information, "auth_krb5: {error}")]
    public static partial void KerberosRefused(this ILogger log, Krb5Error error);

    [LoggerMessage(5022, LogLevel.Error, "auth_krb5: {error}")]
    public static partial void KerberosFailed(this ILogger log, Krb5Error error);
}
