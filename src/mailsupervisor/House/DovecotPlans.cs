using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace MailSupervisor.House;

/// <summary>The reading side: imap-login, pop3-login and lmtpd, as far as "protocols" wants them.</summary>
static class DovecotPlans
{
    public static IEnumerable<ChildPlan> All(MailConfiguration configuration, HousePaths paths, HouseIdentities identities, List<Problem> problems)
    {
        foreach (var protocol in new[] { "imap", "pop3" })
        {
            if (configuration.Dovecot.Serves(protocol))
                yield return Login(configuration, protocol, paths, identities, problems);
        }
        if (configuration.Dovecot.Serves("lmtp"))
            yield return Lmtp(configuration, paths, identities, problems);
    }

    static ChildPlan Login(MailConfiguration configuration, string protocol, HousePaths paths, HouseIdentities identities, List<Problem> problems)
    {
        var settings = configuration.Dovecot.For(protocol);
        var name = $"{protocol}-login";
        var listeners = new List<ListenerPlan>();
        foreach (var listener in configuration.Dovecot.Service(name).InetListeners)
        {
            var options = new Dictionary<string, string> { ["ssl"] = listener.IsTls ? "yes" : "no" };
            listeners.AddRange(Endpoints.ForDovecot(listener, problems).Select(a => new ListenerPlan(listener.Name, a, 0, null, null, options)));
        }
        var texts = new Dictionary<string, string> { ["dovecot.conf"] = settings.Serialize(), ["path:auth-client"] = paths.AuthClient };
        if (TlsText.ForDovecot(settings) is { } tls)
            texts[TlsText.Name] = tls;
        return new(name, "mailservers", name, identities.Front, ChildRights.HandOff, listeners, texts) { MayOverlap = true };
    }

    static ChildPlan Lmtp(MailConfiguration configuration, HousePaths paths, HouseIdentities identities, List<Problem> problems)
    {
        var service = configuration.Dovecot.Service("lmtp");
        var listeners = new List<ListenerPlan>();
        foreach (var listener in service.UnixListeners)
        {
            var uid = listener.User.Length > 0 ? Accounts.Find(listener.User)?.Uid : identities.Front.Uid;
            var gid = listener.Group.Length > 0 ? Accounts.FindGroup(listener.Group) : identities.Front.Gid;
            listeners.Add(new("lmtp", listener.Path, listener.Mode, Identity.IsRoot ? uid : null, Identity.IsRoot ? gid : null, new Dictionary<string, string>()));
        }
        foreach (var listener in service.InetListeners)
            listeners.AddRange(Endpoints.ForDovecot(listener, problems).Select(a => new ListenerPlan(listener.Name, a, 0, null, null, new Dictionary<string, string>())));
        return new("lmtpd", "mailservers", "lmtpd", identities.Front, ChildRights.None, listeners, new Dictionary<string, string>
        {
            ["dovecot.conf"] = configuration.Dovecot.For("lmtp").Serialize(),
            ["main.cf"] = configuration.Main.Serialize(),
            ["path:queue"] = paths.Queue,
            ["path:auth-userdb"] = paths.AuthUserdb,
        }) { MayOverlap = true };
    }
}
