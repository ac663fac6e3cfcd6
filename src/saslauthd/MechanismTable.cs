using System.Collections.Frozen;
using Sasl.Credentials;
using Sasl.Credentials.Ldap;
using Sasl.Credentials.Remote;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;

namespace Saslauthd;

/// <summary>The words of -a. A new one is one line here and one in saslworker's table.</summary>
static class MechanismTable
{
    const string ShadowFile = "/etc/shadow", PasswdFile = "/etc/passwd";

    /// <summary>Logins that another server has to bear at once.</summary>
    const int AtOnce = 128;

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
        new("rimap")
        {
            IsConcurrent = true, Slots = AtOnce, Files = settings => [settings.Text(SaslauthdConf.RimapCaFile)],
            Problem = (option, _) => RemoteMechanisms.RimapProblem(option),
        },
        new("imap")
        {
            IsConcurrent = true, Slots = AtOnce, Files = settings => [settings.Text(SaslauthdConf.RemoteCaFile)],
            Problem = (option, _) => RemoteMechanisms.UrlProblem("imap", option),
        },
        new("smtp")
        {
            IsConcurrent = true, Slots = AtOnce, Files = settings => [settings.Text(SaslauthdConf.RemoteCaFile)],
            Problem = (option, _) => RemoteMechanisms.UrlProblem("smtp", option),
        },
        new("httpform")
        {
            IsConcurrent = true, Slots = AtOnce, IsConfiguredByFile = true, Files = settings => [settings.Text(SaslauthdConf.HttpformCaFile)],
            Problem = (_, settings) => RemoteMechanisms.HttpFormProblem(settings),
        },
    }.ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Accounts expire at midnight UTC.</summary>
    static long Today => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86400;
}
