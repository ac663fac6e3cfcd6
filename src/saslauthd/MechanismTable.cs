using System.Collections.Frozen;
using Sasl.Credentials;
using Sasl.Credentials.Ldap;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;

namespace Saslauthd;

/// <summary>The words of -a. A new one is one line here and one in saslworker's table.</summary>
static class MechanismTable
{
    const string ShadowFile = "/etc/shadow", PasswdFile = "/etc/passwd";

    public static readonly FrozenDictionary<string, Mechanism> All = new Mechanism[]
    {
        new("shadow")
        {
            IsComputing = true, Slots = 2, Reads = (_, _) => ShadowFile,
            State = (_, _) => SourceState.Of(ShadowFile, PasswdFile, Today),
        },
        new("sasldb")
        {
            IsComputing = true, Slots = 2, Reads = (path, _) => path ?? Sasldb.DefaultPath,
            State = (path, _) => SourceState.Of(path ?? Sasldb.DefaultPath),
        },
        new("ldap")
        {
            IsConcurrent = true, Slots = 256, IsConfiguredByFile = true,
            Files = s => [s.Text(SaslauthdConf.LdapTlsCacertFile), s.Text(SaslauthdConf.LdapTlsCert), s.Text(SaslauthdConf.LdapTlsKey)],
            Problem = (_, s) => LdapSource.Problem(s),
        },
        new("pam")
        {
            MayExecute = true, QueriesPerProcess = 1000, Reads = (_, _) => ShadowFile,
            NeedsRoot = settings => settings.Text(SaslauthdConf.PamUser) == "root",
            State = (_, _) => SourceState.Of(ShadowFile, PasswdFile, Today),
        },
        new("kerberos5") { IsConfiguredByFile = true, QueriesPerProcess = 10_000, Files = settings => KerberosSource.KeytabPath(settings) is { } path ? [path] : [] },
        new("getpwent") { IsComputing = true, State = (_, _) => SourceState.Of(PasswdFile) },
        new("passwdfile")
        {
            IsComputing = true, Reads = PasswdFileSource.PathOf,
            State = (path, settings) => SourceState.Of(PasswdFileSource.PathOf(path, settings) ?? ""),
            Problem = (path, settings) => PasswdFileSource.PathOf(path, settings) is null ? PasswdFileSource.NoPath : null,
        },
    }.ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Accounts expire at midnight UTC.</summary>
    static long Today => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86400;
}
