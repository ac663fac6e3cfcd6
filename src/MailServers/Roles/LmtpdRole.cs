using MailServers.Lmtp;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Net;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;

namespace MailServers.Roles;

/// <summary>Composes the public LMTP server: other mail servers deliver to our users through it.</summary>
static class LmtpdRole
{
    const int MostConnections = 500;

    public static async Task RunAsync(SupervisedChild supervisor, LogTarget target)
    {
        var main = MainCf.Deserialize(supervisor.Require("main.cf"), SystemInfo.Current());
        // Dovecot's own default delimiter is "+"; a front end of ours that was given no dovecot.conf goes by main.cf.
        var delimiter = supervisor.Configuration.GetValueOrDefault("dovecot.conf") is { } text
            ? Settings.Deserialize(DovecotConf.Table, text).Text(DovecotConf.RecipientDelimiter) : main.Text(MainCf.RecipientDelimiter);
        using var log = new DaemonLog("lmtp", Facility.Mail, target, LogStyle.Dovecot);
        var address = AuthAddress.TryParse(supervisor.Require("path:auth-userdb")) ?? throw new InvalidDataException("path:auth-userdb is no address");
        await using var users = new AuthUserdbClient(address);
        var service = new RelayService((user, stop) => users.UserAsync(user, "lmtp", stop), supervisor.Require("path:queue"),
            main.Text(MainCf.Myhostname), delimiter, main.Size(MainCf.MessageSizeLimit), log);
        var channel = supervisor.RunAsync();
        var accepting = supervisor.Listeners.Select(listener =>
        {
            var acceptor = new Acceptor(listener.Socket, MostConnections, async (socket, stop) =>
            {
                await using var connection = new Connection(socket);
                await new LmtpServer(connection, service, log).RunAsync(stop);
            });
            acceptor.Failed += bug => LmtpLog.Bug(log, bug.ToString());
            return acceptor.RunAsync(supervisor.Retiring, supervisor.Draining);
        }).ToArray();
        await supervisor.ReadyAsync();
        await Task.WhenAny(channel, Task.WhenAll(accepting));
        await Task.WhenAll(accepting);
    }
}
