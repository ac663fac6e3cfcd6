using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes lmtpd.</summary>
static class LmtpdRole
{
    public static Task RunAsync(SupervisedChild supervisor, LogTarget log) => throw new NotSupportedException();
}
