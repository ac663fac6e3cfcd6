using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;

namespace MailSupervisor.House;

/// <summary>The auth servers: the house's own from dovecot.conf, and one more for smtpd_sasl_type = cyrus from sasl2/NAME.conf.</summary>
static class AuthPlans
{
    public static ChildPlan House(MailConfiguration configuration, HousePaths paths, HouseIdentities identities, List<Problem> problems)
    {
        var dovecot = configuration.Dovecot;
        var settings = AuthServerSettings.From(dovecot);
        if (settings.Userdbs.Count == 0)
            settings = settings with { Userdbs = [new("passwd", "")] };
        var listeners = new List<ListenerPlan>
        {
            Own("auth-client", paths.AuthClient, AuthListenerType.Login, identities.Auth, identities.Front),
            Own("auth-master", paths.AuthMaster, AuthListenerType.Master, null, null),
            Own("auth-userdb", paths.AuthUserdb, AuthListenerType.Userdb, identities.Auth, identities.Front),
        };
        string[] own = [paths.AuthClient, paths.AuthMaster, paths.AuthUserdb];
        foreach (var listener in dovecot.Service("auth").UnixListeners.Where(l => l.Line > 0 && !own.Contains(l.Path)))
        {
            if (IsServed(listener, problems))
                listeners.Add(Configured(listener, identities.Auth, problems));
        }
        foreach (var listener in dovecot.Service("auth").InetListeners)
            listeners.AddRange(Endpoints.ForDovecot(listener, problems).Select(a => new ListenerPlan(listener.Name, a, 0, null, null, new AuthListener(AuthListenerType.Client).ToOptions())));
        return new(HousePlan.AuthServer, "authserver", "authserver", identities.Auth, ChildRights.None, listeners,
            new Dictionary<string, string> { [AuthServerSettings.ConfigurationName] = settings.ToText() }) { MayOverlap = true };
    }

    /// <summary>One for each application name of smtpd_sasl_path that a service of type cyrus uses.</summary>
    public static IEnumerable<ChildPlan> Cyrus(MailConfiguration configuration, HousePaths paths, HouseIdentities identities)
    {
        foreach (var (name, plan) in configuration.CyrusPlans)
        {
            var settings = AuthServerSettings.From(configuration.Dovecot, plan);
            yield return new($"auth {name}", "authserver", "authserver", identities.Auth, ChildRights.None,
                [Own($"auth-{name}", paths.CyrusAuth(name), AuthListenerType.Client, identities.Auth, identities.Front)],
                new Dictionary<string, string> { [AuthServerSettings.ConfigurationName] = settings.ToText() }) { MayOverlap = true };
        }
    }

    /// <summary>Our own front ends speak first and are told of every mechanism, those with a channel binding too.</summary>
    static ListenerPlan Own(string name, string path, AuthListenerType type, HouseIdentity? user, HouseIdentity? group)
    {
        var mode = group is null ? 0x180u : 0x1B0u;
        return new(name, path, mode, user?.Uid, group?.Gid, new AuthListener(type, mode, user?.Uid, group?.Gid) { WaitsForClient = type is AuthListenerType.Client or AuthListenerType.Login }.ToOptions());
    }

    static bool IsServed(DovecotUnixListener listener, List<Problem> problems)
    {
        if (AuthListener.Configured(Path.GetFileName(listener.Path), listener.Type) is not { Type: AuthListenerType.Token or AuthListenerType.TokenLogin })
            return true;
        problems.Add(new(listener.File, listener.Line, $"{listener.Path}: tokens for imap-urlauth are not implemented in this version, the socket is not made", IsWarning: true));
        return false;
    }

    /// <summary>A socket that the administrator made for somebody else's server: his mode and owner, the auth server's own where he says none.</summary>
    static ListenerPlan Configured(DovecotUnixListener listener, HouseIdentity auth, List<Problem> problems)
    {
        uint? uid = auth.Uid, gid = auth.Gid;
        if (Identity.IsRoot && listener.User.Length > 0)
        {
            if ((uid = Accounts.Find(listener.User)?.Uid) is null)
                problems.Add(new(listener.File, listener.Line, $"there is no user \"{listener.User}\""));
        }
        if (Identity.IsRoot && listener.Group.Length > 0)
        {
            if ((gid = Accounts.FindGroup(listener.Group)) is null)
                problems.Add(new(listener.File, listener.Line, $"there is no group \"{listener.Group}\""));
        }
        var name = Path.GetFileName(listener.Path);
        if (AuthListener.Configured(name, listener.Type) is not { } spoken)
        {
            problems.Add(new(listener.File, listener.Line, $"there is no listener of type \"{listener.Type}\" (known: {string.Join(' ', AuthListener.Words)})"));
            return new(name, listener.Path, listener.Mode, uid, gid, new Dictionary<string, string>());
        }
        return new(name, listener.Path, listener.Mode, uid, gid, (spoken with { Mode = listener.Mode, Uid = uid, Gid = gid }).ToOptions());
    }
}
