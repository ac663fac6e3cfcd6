using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes the mailbox worker of one uid.</summary>
static class WorkerRole
{
    public static Task RunAsync(SupervisedChild supervisor, LogTarget log) => throw new NotSupportedException();
}
