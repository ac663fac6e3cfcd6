using DnsClient;
using MailServers.Smtp;
using MailServers.Smtp.Restrictions;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Net;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>
/// Composes one inet smtpd service of master.cf: its main.cf comes with the line's -o overrides applied. A Unix listener with the option
/// local=yes is the sendmail command's way in.
/// </summary>
static class SmtpdRole
{
    /// <summary>Connections at a time; those of one client have their own limit.</summary>
    const int MostConnections = 2000;

    public static async Task RunAsync(SupervisedChild supervisor, LogTarget target)
    {
        var system = SystemInfo.Current();
        var main = MainCf.Deserialize(supervisor.Require("main.cf"), system);
        var settings = SmtpSettings.From(main, system);
        var syslogName = main.Text(MainCf.SyslogName);
        using var log = new DaemonLog($"{syslogName}/smtpd", Facility.Mail, target, LogStyle.Postfix);
        using var pickupLog = new DaemonLog($"{syslogName}/pickup", Facility.Mail, target, LogStyle.Postfix);
        if (!RelayGuard.IsGuarded(settings.RelayRestrictions, settings.RecipientRestrictions))
            throw new InvalidDataException(RelayGuard.Complaint);

        var dns = new LookupClient(new LookupClientOptions { Timeout = TimeSpan.FromSeconds(5), Retries = 1, UseCache = true, ThrowDnsErrors = false });
        var queue = new QueueClient(supervisor.Require("path:queue"), settings.HostName, TimeSpan.FromMinutes(5));
        var tls = supervisor.Configuration.GetValueOrDefault("tls.pem") is { Length: > 0 } pem ? ServerTls.FromPem(pem, pem) : null;
        if (settings.TlsWrapperMode && tls is null)
            throw new InvalidDataException("smtpd_tls_wrappermode = yes needs a certificate");
        await using var auth = OpenAuth(supervisor, main, settings, out var authPath);
        await using var users = supervisor.Configuration.GetValueOrDefault("path:auth-userdb") is { Length: > 0 } path
            ? new AuthUserdbClient(AuthAddress.TryParse(path)!) : null;

        SmtpServer Compose(ILogger to) => new(settings, queue, new DnsDomainLookup(dns), to, TimeProvider.System)
        {
            Tls = tls,
            Sasl = auth is null ? null : new(auth, authPath, settings, to),
            Recipients = users is null ? null : new(new(settings.AliasFiles, to), users, settings, to),
        };
        var network = new SmtpHost(Compose(log), settings.LookUpClientName ? new(dns, "/etc/hosts", log) : null);
        var local = new SmtpHost(Compose(pickupLog), null);
        var serving = supervisor.Listeners.Select(listener =>
        {
            var isLocal = listener.Options.GetValueOrDefault("local") == "yes";
            var acceptor = new Acceptor(listener.Socket, MostConnections, isLocal ? local.ServeLocalAsync : network.ServeAsync);
            acceptor.Failed += bug => SmtpLog.Bug(log, $"{bug.GetType().Name}: {bug.Message} {bug.StackTrace?.Split('\n')[0].Trim()}");
            return acceptor.RunAsync(supervisor.Retiring, supervisor.Draining);
        }).ToArray();
        await supervisor.ReadyAsync();
        // Drained sessions end before the channel does; a lost channel drains them.
        await Task.WhenAny(supervisor.RunAsync(), Task.WhenAll(serving));
        await Task.WhenAll(serving);
    }

    /// <summary>smtpd_sasl_type = dovecot names a socket; cyrus means our own auth server here. Null when AUTH is off.</summary>
    static AuthClient? OpenAuth(SupervisedChild supervisor, Settings main, SmtpSettings settings, out string path)
    {
        path = main.Text(MainCf.SmtpdSaslType) == "dovecot" ? main.Text(MainCf.SmtpdSaslPath) : supervisor.Configuration.GetValueOrDefault("path:auth-client") ?? "";
        if (!settings.SaslAuthEnable)
            return null;
        return AuthAddress.TryParse(path, main.Text(MainCf.QueueDirectory)) is { } address
            ? new(address) : throw new InvalidDataException($"smtpd_sasl_path: \"{path}\" is no socket");
    }
}
