// mailservers: every server of the house that is not root, one role a process.
//
// Identity: whoever the supervisor's command line names (mailfront for the front ends, mailqueue for the queue, the mailbox's own uid for
// a worker). Root is given up as the first act; a role that does not start programs cannot even exec.
// Trusts: the supervisor's channel. Distrusts: every byte from a network or a client.
// If it is taken over: a front end can misuse the connections it serves and the TLS key, but knows no password store and no mail; the
// queue can misuse mail under way; a worker can misuse one user's mail.
using MailServers.Roles;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Metrics;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;

if (args is ["--self-test"])
    return Checks.Run();
if (ChildArguments.TryParse(args) is not { } child || RoleTable.Find(child.Role) is not { } role)
{
    Console.Error.WriteLine("mailservers is started by mailsupervisor; --self-test checks the program");
    return ExitCode.Usage;
}
try
{
    child.BecomeIdentity(role.DenyExec);
    Identity.RaiseDescriptorLimit();
    using var lifetime = new Lifetime();
    using var supervisor = await SupervisedChild.ConnectAsync(child);
    using var metrics = MetricsServer.Start(supervisor.MetricsListener, supervisor.Retiring);
    await role.RunAsync(supervisor, child.Log);
    return ExitCode.Ok;
}
catch (Exception failure)
{
    using var log = new DaemonLog($"mailservers/{child.Role}", Facility.Mail, child.Log);
    log.Log(Microsoft.Extensions.Logging.LogLevel.Critical, default, failure, failure, static (f, _) => $"{f.GetType().Name}: {f.Message} {f.StackTrace?.Split('\n')[0].Trim()}");
    return ExitCode.Software;
}
