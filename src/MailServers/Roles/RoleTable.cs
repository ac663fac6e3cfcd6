using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>What the program can be. The first word of the command line picks the line.</summary>
/// <param name="DenyExec">The role never starts another program: the kernel refuses execve to it.</param>
/// <param name="RunAsync">Composes the role, says ready, and serves until the supervisor drains it.</param>
sealed record Role(string Name, bool DenyExec, Func<SupervisedChild, LogTarget, Task> RunAsync);

static class RoleTable
{
    static readonly Role[] _roles =
    [
        new("smtpd", true, SmtpdRole.RunAsync),
        new("imap-login", true, ImapLoginRole.RunAsync),
        new("pop3-login", true, Pop3LoginRole.RunAsync),
        new("lmtpd", true, LmtpdRole.RunAsync),
        new("queue", true, QueueRole.RunAsync),
        new("worker", false, WorkerRole.RunAsync),
    ];

    public static Role? Find(string name) => Array.Find(_roles, r => r.Name == name);
}
