using System.Collections.Frozen;
using Sasl.Credentials;
using Sasl.Credentials.Ldap;
using Sasl.Credentials.Remote;
using Sasl.Credentials.Sources;

namespace SaslWorker;

/// <summary>How the word of -a becomes a source. A new mechanism is one line here, and one in saslauthd's table, which says as whom and how often it runs.</summary>
static class MechanismTable
{
    /// <summary>Throws IOException or FormatException with the reason when the mechanism cannot be made; the daemon does not start then.</summary>
    public delegate IPasswordSource Opener(MechanismContext context);

    public static readonly FrozenDictionary<string, Opener> All = new Dictionary<string, Opener>
    {
        ["shadow"] = context => new ShadowSource(context.Hashing),
        ["sasldb"] = context => new SasldbSource(new Sasldb(Path.GetFullPath(context.Option ?? Sasldb.DefaultPath)), context.Hashing, Environment.MachineName),
        ["ldap"] = context => new LdapSource(context),
        ["pam"] = context => new PamSource(context),
        ["getpwent"] = context => new GetpwentSource(context.Hashing),
        ["passwdfile"] = context => new PasswdFileSource(
            PasswdFileSource.PathOf(context.Option, context.Settings) ?? throw new FormatException(PasswdFileSource.NoPath), context.Hashing, context.Log),
        ["kerberos5"] = context => new KerberosSource(context),
        ["rimap"] = RemoteMechanisms.Rimap,
        ["imap"] = RemoteMechanisms.ImapUrl,
        ["smtp"] = RemoteMechanisms.SmtpUrl,
        ["httpform"] = RemoteMechanisms.HttpForm,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
