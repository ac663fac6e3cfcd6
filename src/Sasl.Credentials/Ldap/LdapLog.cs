using Microsoft.Extensions.Logging;

namespace Sasl.Credentials.Ldap;

static partial class LdapLog
{
    [LoggerMessage(700, LogLevel.Information, "auth_ldap: {step}")]
    public static partial void Step(this ILogger log, string step);

    [LoggerMessage(701, LogLevel.Information, "auth_ldap: Retrying authentication: {reason}")]
    public static partial void Retrying(this ILogger log, string reason);

    [LoggerMessage(702, LogLevel.Warning, "auth_ldap: the certificates of the servers are not verified (ldap_tls_check_peer: no)")]
    public static partial void Unverified(this ILogger log);
}
