using Microsoft.Win32.SafeHandles;
using Sasl.Credentials.Native;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sources;

/// <summary>
/// Kerberos 5: a password is right when the KDC gives tickets for it, and the KDC is believed when it also gives one that our own key opens. Tickets are
/// thrown away. Blocks while KDCs are asked: one query at a time in a process that may be killed.
/// </summary>
public sealed class KerberosSource : IPasswordSource, IDisposable
{
    /// <summary>The service that a KDC also serves to whose password has expired, for changing it.</summary>
    const string PasswordChange = "kadmin/changepw", FileKeytab = "FILE:", AnyRealm = "*";

    readonly MechanismContext _context;
    readonly Settings _settings;
    readonly string? _configuration;
    readonly IReadOnlyList<string> _realms;
    readonly (SafeFileHandle? Handle, string Name) _keytab;

    /// <summary>IOException when MIT's library is not on this machine.</summary>
    /// <param name="context">Settings krb5_*, and the keytab's contents where this process cannot read it.</param>
    /// <param name="configuration">Another file than the system's krb5.conf.</param>
    public KerberosSource(MechanismContext context, string? configuration = null)
    {
        Krb5.Demand();
        (_context, _settings, _configuration) = (context, context.Settings, configuration);
        _realms = _settings.List(SaslauthdConf.Krb5Realms);
        _keytab = OpenKeytab(context);
    }

    public string Name => "kerberos5";

    /// <summary>The keytab's path, or null when it is of another kind than a file.</summary>
    public static string? KeytabPath(Settings settings)
    {
        var name = settings.Text(SaslauthdConf.Krb5Keytab);
        return name.StartsWith(FileKeytab, StringComparison.Ordinal) ? name[FileKeytab.Length..] : name.StartsWith('/') ? name : null;
    }

    public async ValueTask<Verdict> VerifyAsync(PasswordQuery query, CancellationToken stop) =>
        _context.Hashing.TryRun(() => Verify(query), stop) is { } work ? await work : Verdict.Overloaded;

    public void Dispose() => _keytab.Handle?.Dispose();

    /// <summary>Root alone may read it, and libkrb5 wants a file: it gets one in memory.</summary>
    static (SafeFileHandle?, string) OpenKeytab(MechanismContext context)
    {
        if (KeytabPath(context.Settings) is not { } path || !context.Files.TryGetValue(path, out var contents))
            return (null, context.Settings.Text(SaslauthdConf.Krb5Keytab));
        var (handle, copy) = MemoryFiles.Create("keytab", contents.Span);
        return (handle, FileKeytab + copy);
    }

    Verdict Verify(PasswordQuery query)
    {
        // Kerberos takes C strings: what stands behind a NUL would be ignored.
        if (query.User.Length == 0 || query.Password.IsEmpty || query.Password.Span.Contains((byte)0))
            return new(VerdictKind.Refused, KerberosVerdict.NoInput);
        if (LoginOf(query.Service).Principal(query.User, query.Realm) is not var (user, realm))
        {
            query.Explanation?.Add("the login is no principal's name, or has another instance or realm than it may have");
            return new(VerdictKind.Refused, KerberosVerdict.BadName);
        }
        var (kerberos, error) = Krb5Context.Open(_configuration);
        using (kerberos)
            return kerberos is null ? Failed(query, error!, new(VerdictKind.Unavailable, KerberosVerdict.Internal)) : Ask(kerberos, query, user, realm);
    }

    KerberosLogin LoginOf(string service) => new(InstanceOf(service), _settings.Boolean(SaslauthdConf.Krb5ConvKrb4Instance), _settings.Boolean(SaslauthdConf.Krb5UppercaseRealm));

    /// <summary>The client chooses the service's name: not so that another setting is meant.</summary>
    string InstanceOf(string service)
    {
        var setting = SaslauthdConf.Krb5ServiceInstance.Of(service.ToLowerInvariant());
        return setting.Name == SaslauthdConf.Krb5ConvKrb4Instance.Name ? "" : _settings.Text(setting);
    }

    Verdict Ask(Krb5Context kerberos, PasswordQuery query, string user, string realm)
    {
        if (kerberos.DefaultRealm() is not { } home)
            return Failed(query, kerberos.Error!, new(VerdictKind.Unavailable, KerberosVerdict.Internal));
        realm = realm.Length > 0 ? realm : home;
        using var client = kerberos.Parse($"{user}@{realm}");
        using var server = client is null ? null : Server(kerberos, home);
        if (client is null || server is null)
            return Failed(query, kerberos.Error!, new(VerdictKind.Unavailable, KerberosVerdict.Internal));
        query.Explanation?.Add($"principal {client}; the KDC has to know the key of {server}");
        if (!server.ToString().EndsWith($"@{realm}", StringComparison.Ordinal) && !_realms.Contains(realm) && !_realms.Contains(AnyRealm))
        {
            query.Explanation?.Add($"realm {realm} is not that of {server}, and not in krb5_realms");
            return new(VerdictKind.Refused, KerberosVerdict.WrongRealm);
        }
        using var credentials = kerberos.Authenticate(client, query.Password.Span);
        if (credentials is null)
            return Refused(kerberos, query, client);
        query.Explanation?.Add($"a KDC of {realm} gave tickets for this password");
        if (!kerberos.Verify(credentials, server, _keytab.Name))
            return Failed(query, kerberos.Error!, KerberosVerdict.OfVerification(kerberos.Error!));
        query.Explanation?.Add($"it knows the key of {server}");
        return Verdict.Ok;
    }

    Krb5Principal? Server(Krb5Context kerberos, string home)
    {
        var server = kerberos.OfService(_settings.Text(SaslauthdConf.Krb5VerifyPrincipal), _settings.Text(SaslauthdConf.Krb5Servername));
        if (server?.ToString() is not { } name || !name.EndsWith('@'))
            return server;
        // No [domain_realm] has the host: then it is in the realm that everybody is in.
        server.Dispose();
        return kerberos.Parse(name + home);
    }

    Verdict Refused(Krb5Context kerberos, PasswordQuery query, Krb5Principal client)
    {
        var error = kerberos.Error!;
        if (error.Number == Krb5Error.KeyExpired)
        {
            // KDCs tell so before they look at the password.
            using var changing = kerberos.Authenticate(client, query.Password.Span, PasswordChange);
            error = changing is null && KerberosVerdict.OfAuthentication(kerberos.Error!).Kind == VerdictKind.Refused ? kerberos.Error! : error;
        }
        return Failed(query, error, KerberosVerdict.OfAuthentication(error));
    }

    Verdict Failed(PasswordQuery query, Krb5Error error, Verdict verdict)
    {
        query.Explanation?.Add(error.ToString());
        if (verdict.Kind == VerdictKind.Unavailable)
            _context.Log.KerberosFailed(error);
        else
            _context.Log.KerberosRefused(error);
        return verdict;
    }
}
