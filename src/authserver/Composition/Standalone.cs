using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Composition;

/// <summary>An auth server of its own: for somebody's Postfix or Exim, without the rest of the house.</summary>
static class Standalone
{
    public static async Task<int> RunAsync(StandaloneArguments arguments)
    {
        using var lifetime = new Lifetime();
        var configured = Read(arguments.ConfigurationDirectory, Console.Error.WriteLine);
        if (configured is null)
            return ExitCode.Config;
        var settings = AuthServerSettings.From(configured);
        using var log = new DaemonLog("auth", Facility.Mail, arguments.Log, LogStyle.Dovecot, settings.IsDebug ? LogLevel.Debug : LogLevel.Information);
        using var configuration = new LiveConfiguration(log);
        var problems = new List<string>();
        var host = configuration.Open(settings, problems);
        var account = Identity.IsRoot ? Accounts.Find(arguments.User) : null;
        if (Identity.IsRoot && account is null or { Uid: 0 })
            problems.Add($"started as root, and there is no user {arguments.User} to become: name one with -u");
        if (problems.Count == 0 && settings.StateDirectory is { } state)
            StateDirectory.Prepare(state, account);
        problems.ForEach(p => log.CannotStart(p));
        if (host is null || problems.Count > 0)
            return ExitCode.Config;
        var sockets = new List<(string Name, AuthListener Listener, Socket Socket)>();
        foreach (var (path, listener) in Listeners(arguments, configured, account, log))
        {
            if (Bind(path, listener, log) is not { } socket)
                return ExitCode.OsError;
            sockets.Add((path, listener, socket));
        }
        Identity.ForbidCoreDumps();
        Identity.RaiseDescriptorLimit();
        if (account is not null)
            Identity.Drop(account.Uid, account.Gid, [.. Accounts.GroupsOf(account)]);
        Identity.Confine(denyExec: true);
        log.Ready(string.Join(' ', settings.Mechanisms), string.Join(' ', sockets.Select(s => s.Name)));
        lifetime.Reload += () => Reload(arguments, configuration, log);
        Readiness.Ready();
        await Server.RunAsync(host, sockets, lifetime.Stopping);
        sockets.ForEach(s => s.Socket.Dispose());
        return ExitCode.Ok;
    }

    /// <summary>SIGHUP: the settings and databases of the files as they are now, for every login from now on. The sockets stay as they were bound.</summary>
    static void Reload(StandaloneArguments arguments, LiveConfiguration configuration, ILogger log)
    {
        var problems = new List<string>();
        var configured = Read(arguments.ConfigurationDirectory, p =>
        {
            if (!p.IsWarning)
                problems.Add(p.ToString());
        });
        if (configured is not null)
            configuration.Replace(AuthServerSettings.From(configured), problems);
        problems.ForEach(p => log.NotReloaded(p));
    }

    static DovecotConfiguration? Read(string directory, Action<Problem> tell)
    {
        var problems = new List<Problem>();
        var configuration = DovecotCheck.Run(DovecotFile.Load(Path.Combine(directory, "dovecot.conf"), problems), problems);
        problems.ForEach(tell);
        return problems.Exists(p => !p.IsWarning) ? null : configuration;
    }

    static IEnumerable<(string Path, AuthListener Listener)> Listeners(StandaloneArguments arguments, DovecotConfiguration configured, Account? account, ILogger log)
    {
        foreach (var named in arguments.Listeners)
            yield return (named.Path, named.Listener with { Uid = account?.Uid, Gid = account?.Gid });
        if (arguments.Listeners.Count > 0)
            yield break;
        foreach (var l in configured.Service("auth").UnixListeners)
        {
            if (AuthListener.Configured(Path.GetFileName(l.Path), l.Type) is { Type: not (AuthListenerType.Token or AuthListenerType.TokenLogin) } listener)
                yield return (l.Path, listener with { Mode = l.Mode, Uid = Uid(l.User) ?? account?.Uid, Gid = Gid(l.Group) ?? account?.Gid });
            else
                log.NotServed(l.Path, l.Type.Length > 0 ? l.Type : l.Kind);
        }
    }

    static uint? Uid(string name) => name.Length == 0 ? null : Accounts.Find(name)?.Uid;

    static uint? Gid(string name) => name.Length == 0 ? null : Accounts.FindGroup(name);

    static Socket? Bind(string path, AuthListener listener, ILogger log)
    {
        try
        {
            return UnixSockets.Listen(path, listener.Mode, listener.Uid, listener.Gid);
        }
        catch (Exception refused) when (refused is IOException or SocketException or UnauthorizedAccessException or UnixException)
        {
            log.CannotStart($"cannot listen on {path}: {refused.Message}");
            return null;
        }
    }
}
