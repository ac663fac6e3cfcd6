using System.Net.Sockets;
using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes the mailbox worker of one uid: it serves the streams that the supervisor attaches and owns that uid's mail.</summary>
static class WorkerRole
{
    public static Task RunAsync(SupervisedChild supervisor, LogTarget log) => throw new NotSupportedException();
}
