using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes imap-login.</summary>
static class ImapLoginRole
{
    public static Task RunAsync(SupervisedChild supervisor, LogTarget log) => throw new NotSupportedException();
}
