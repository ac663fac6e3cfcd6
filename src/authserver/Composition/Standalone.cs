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
        var configured = Read(arguments.ConfigurationDirectory);
        if (configured is null)
            return ExitCode.Config;
        var settings = AuthServerSettings.From(configured);
        using var log = new DaemonLog("auth", Facility.Mail, arguments.Log, LogStyle.Dovecot, settings.IsDebug ? LogLevel.Debug : LogLevel.Information);
        using var databases = new Databases();
        var problems = new List<string>();
        var host = databases.Open(settings, log, TimeProvider.System, problems);
        var account = Identity.IsRoot ? Accounts.Find(arguments.User) : null;
        if (Identity.IsRoot && account is null or { Uid: 0 })
            problems.Add($"started as root, and there is no user {arguments.User} to become: name one with -u");
        if (problems.Count == 0 && settings.StateDirectory is { } state)
            StateDirectory.Prepare(state, account);
        problems.ForEach(p => log.CannotStart(p));
        if (host is null || problems.Count > 0)
            return ExitCode.Config;
        var sockets = new List<(string Name, AuthListener Listener, Socket Socket)>();
        foreach (var (path, listener) in Listeners(arguments, configured, account))
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
        Readiness.Ready();
        await Server.RunAsync(host, sockets, lifetime.Stopping);
        sockets.ForEach(s => s.Socket.Dispose());
        return ExitCode.Ok;
    }

    static DovecotConfiguration? Read(string directory)
    {
        var problems = new List<Problem>();
        var configuration = DovecotCheck.Run(DovecotFile.Load(Path.Combine(directory, "dovecot.conf"), problems), problems);
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
        return problems.Exists(p => !p.IsWarning) ? null : configuration;
    }

    static IEnumerable<(string Path, AuthListener Listener)> Listeners(StandaloneArguments arguments, DovecotConfiguration configured, Account? account) =>
        arguments.Listeners.Count > 0
            ? arguments.Listeners.Select(l => (l.Path, new AuthListener(l.Type, l.Mode, account?.Uid, account?.Gid)))
            : configured.Service("auth").UnixListeners.Where(l => l.Kind != "token").Select(l => (l.Path,
                new AuthListener(AuthListener.TypeOf(Path.GetFileName(l.Path)), l.Mode, Uid(l.User) ?? account?.Uid, Gid(l.Group) ?? account?.Gid)));

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
