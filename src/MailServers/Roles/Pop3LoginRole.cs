using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes pop3-login.</summary>
static class Pop3LoginRole
{
    public static Task RunAsync(SupervisedChild supervisor, LogTarget log) => throw new NotSupportedException();
}
