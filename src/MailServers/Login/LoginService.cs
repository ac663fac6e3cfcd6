using System.Net.Security;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Net;
using Sasl.Protocols.DovecotAuth;
using Sasl.Protocols.Supervision;

namespace MailServers.Login;

/// <summary>Composes a login front end from what the supervisor sent, and serves its listeners until it is drained.</summary>
static class LoginService
{
    public static async Task RunAsync(ILoginDialect dialect, SupervisedChild supervisor, ILogger log)
    {
        var dovecot = Settings.Deserialize(DovecotConf.Table, supervisor.Require("dovecot.conf"));
        var settings = LoginSettings.From(dovecot);
        var address = AuthAddress.TryParse(supervisor.Require("path:auth-client")) ?? throw new InvalidDataException("path:auth-client is no address");
        await using var auth = new AuthClient(address);
        using var relaysOver = new CancellationTokenSource();
        var tls = Tls(supervisor);
        if (tls is null && supervisor.Listeners.FirstOrDefault(IsTls) is { } without)
            throw new InvalidDataException($"listener {without.Name} wants TLS, but there is no certificate");
        var server = new LoginServer(new LoginHost(dialect, settings, tls, auth, supervisor, log) { RelaysOver = relaysOver.Token });
        using var drain = supervisor.Draining.Register(() => relaysOver.CancelAfter(settings.DrainTimeout));
        var serving = supervisor.Listeners.Select(l => ServeAsync(l, server, log, supervisor)).ToArray();
        var frames = supervisor.RunAsync();
        await supervisor.ReadyAsync();
        // A channel that breaks in a way nobody foresaw ends the process, and the supervisor starts it again.
        if (await Task.WhenAny(Task.WhenAll(serving), frames) is { IsFaulted: true } broken)
            await broken;
        await Task.WhenAll(serving);
    }

    static Task ServeAsync(BoundListener listener, LoginServer server, ILogger log, SupervisedChild supervisor)
    {
        // The server keeps the places itself, since it knows who may be dropped.
        var acceptor = new Acceptor(listener.Socket, int.MaxValue, (client, stop) => server.ServeAsync(client, LoginPeer.Of(client), IsTls(listener), stop));
        acceptor.Failed += bug => LoginLog.Bug(log, bug);
        return acceptor.RunAsync(supervisor.Retiring, supervisor.Draining);
    }

    static bool IsTls(BoundListener listener) => listener.Options.GetValueOrDefault("ssl") == "yes";

    static SslServerAuthenticationOptions? Tls(SupervisedChild supervisor) =>
        supervisor.Configuration.GetValueOrDefault("tls.pem") is { Length: > 0 } pem ? ServerTls.FromPem(pem, pem) : null;
}
