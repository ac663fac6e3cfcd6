using MailServers.Login;
using MailServers.Login.Imap;
using Sasl.Hosting.Logging;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes imap-login.</summary>
static class ImapLoginRole
{
    public static async Task RunAsync(SupervisedChild supervisor, LogTarget target)
    {
        using var log = new DaemonLog("imap-login", Facility.Mail, target, LogStyle.Dovecot);
        await LoginService.RunAsync(new ImapDialect(), supervisor, log);
    }
}
