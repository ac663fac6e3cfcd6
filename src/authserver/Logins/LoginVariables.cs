using System.Collections.Frozen;
using System.Text;
using Sasl.Hosting.Configuration;

namespace AuthServer.Logins;

/// <summary>Every %variable of Dovecot's configuration, by its long name and, in 2.3, its letter. A new one is one line.</summary>
static class LoginVariables
{
    public delegate string? Reader(LoginFacts login);

    /// <summary>The one that no answer may be remembered for.</summary>
    public const string Password = "password";

    static readonly (string Names, Reader Read)[] _table =
    [
        ("u user", l => l.User),
        ("n username", l => Local(l.User)),
        ("d domain", l => Domain(l.User)),
        ("domain_first", l => l.User.IndexOf('@') is var at and >= 0 ? l.User[(at + 1)..] : ""),
        ("domain_last", l => Domain(l.User)),
        ("s service protocol", l => l.Origin.Service),
        ("r rip remote_ip", l => l.Origin.Remote),
        ("l lip local_ip", l => l.Origin["lip"]),
        ("a lport local_port", l => l.Origin["lport"]),
        ("b rport remote_port", l => l.Origin["rport"]),
        ("real_rip real_remote_ip", l => l.Origin["real_rip"] ?? l.Origin.Remote),
        ("real_lip real_local_ip", l => l.Origin["real_lip"] ?? l.Origin["lip"]),
        ("real_lport real_local_port", l => l.Origin["real_lport"] ?? l.Origin["lport"]),
        ("real_rport real_remote_port", l => l.Origin["real_rport"] ?? l.Origin["rport"]),
        ("local_name", l => l.Origin["local_name"]),
        ("session", l => l.Origin.Session),
        ("client_id", l => l.Origin["client_id"]),
        ("m mech mechanism", l => l.Origin.Mechanism),
        ("c secured", l => l.Origin.IsTls ? "TLS" : l.Origin.IsSecured ? "secured" : ""),
        ("k cert", l => l.Origin.HasValidCertificate ? "valid" : ""),
        ("w password", l => Encoding.UTF8.GetString(l.Password.Span)),
        ("orig_user original_user", l => l.GivenName),
        ("orig_username original_username", l => Local(l.GivenName)),
        ("orig_domain original_domain", l => Domain(l.GivenName)),
        ("auth_user", l => l.MasterUser ?? l.User),
        ("auth_username", l => Local(l.MasterUser ?? l.User)),
        ("auth_domain", l => Domain(l.MasterUser ?? l.User)),
        ("master_user", l => l.MasterUser),
        ("login_user", l => l.MasterUser is null ? "" : l.User),
        ("login_username", l => l.MasterUser is null ? "" : Local(l.User)),
        ("login_domain", l => l.MasterUser is null ? "" : Domain(l.User)),
        ("hostname", _ => Environment.MachineName),
        ("p pid", _ => Environment.ProcessId.ToString()),
    ];

    static readonly FrozenDictionary<string, (string Name, Reader Read)> _byName = _table
        .SelectMany(v => v.Names.Split(' ').Select(n => (Name: n, Value: (v.Names.Split(' ')[^1], v.Read)))).ToFrozenDictionary(v => v.Name, v => v.Value);

    /// <summary>The variable and its canonical name, which is that of Dovecot 2.4; "passdb:NAME" and "userdb:NAME" read a field.</summary>
    public static (string Name, Reader Read)? Find(string name) =>
        name.StartsWith("passdb:", StringComparison.Ordinal) ? (name, l => l.Fields[name[7..]])
        : name.StartsWith("userdb:", StringComparison.Ordinal) ? (name, l => l.UserFields[name[7..]] ?? l.Fields[$"userdb_{name[7..]}"])
        : _byName.TryGetValue(name, out var found) ? found : null;

    public static string? Suggest(string name) => NearMiss.Find(name, _byName.Keys.Where(n => n.Length > 1));

    public static string Local(string user) => user.IndexOf('@') is var at and >= 0 ? user[..at] : user;

    public static string Domain(string user) => user.LastIndexOf('@') is var at and >= 0 ? user[(at + 1)..] : "";
}
