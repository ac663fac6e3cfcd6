using MailServers.Login;
using MailServers.Login.Pop3;
using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes pop3-login.</summary>
static class Pop3LoginRole
{
    public static async Task RunAsync(SupervisedChild supervisor, LogTarget target)
    {
        using var log = new DaemonLog("pop3-login", Facility.Mail, target, LogStyle.Dovecot);
        await LoginService.RunAsync(new Pop3Dialect(), supervisor, log);
    }
}
