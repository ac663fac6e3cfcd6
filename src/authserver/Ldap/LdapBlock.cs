using AuthServer.Logins;
using AuthServer.Passdb;
using Sasl.Credentials.Ldap;
using Sasl.Hosting.Configuration;

namespace AuthServer.Ldap;

/// <summary>The settings of an ldap block and of its dovecot-ldap.conf.ext.</summary>
sealed class LdapBlock
{
    /// <summary>No directory has longer names, and escaping makes three characters of one.</summary>
    public const int LongestName = 1024;

    static readonly string[] _ignored = ["tls_cipher_suite", "ldaprc_path"];

    static readonly string[] _known =
    [
        "args", "hosts", "uris", "dn", "dnpass", "sasl_bind", "sasl_mech", "sasl_realm", "sasl_authz_id", "tls", "tls_ca_cert_file", "tls_ca_cert_dir",
        "tls_cert_file", "tls_key_file", "tls_require_cert", "ldap_version", "deref", "scope", "base", "auth_bind", "auth_bind_userdn", "pass_filter",
        "pass_attrs", "user_filter", "user_attrs", "iterate_filter", "iterate_attrs", "default_pass_scheme", "blocking", "debug_level", "ldap_password_write",
    ];

    readonly DatabaseContext _context;

    /// <exception cref="FormatException">What is wrong in it.</exception>
    public LdapBlock(DatabaseContext context)
    {
        _context = context;
        Base = Template("base", "");
        Scope = Word("scope", "subtree") switch
        {
            "base" => LdapScope.Base, "onelevel" or "one" => LdapScope.One, "subtree" or "sub" => LdapScope.Sub,
            var other => throw new FormatException($"scope: unknown word {other} (one of: base onelevel subtree)"),
        };
        if (Text("ldap_version", "3") != "3")
            throw new FormatException("ldap_version: only 3 is spoken");
        IsVerbose = Text("debug_level", "0") != "0";
        foreach (var name in context.Block.Settings.Keys.Where(k => !_known.Contains(k) && !PassdbRules.Names.Contains(k)))
            context.Log.SettingIgnored(context.Block.Driver, _ignored.Contains(name) ? $"{name} is not supported" : $"{name} is no setting of ldap"
                + (NearMiss.Find(name, _known) is { } near ? $" (did you mean {near}?)" : ""));
    }

    public DatabaseContext Context => _context;

    /// <summary>Where a search begins.</summary>
    public LoginTemplate Base { get; }

    public LdapScope Scope { get; }

    bool IsVerbose { get; }

    public LdapDirectory Open()
    {
        var requires = Word("tls_require_cert", "hard");
        if (requires is not ("never" or "allow" or "try" or "demand" or "hard"))
            throw new FormatException($"tls_require_cert: unknown word {requires} (one of: never allow try demand hard)");
        try
        {
            var options = new LdapDirectoryOptions
            {
                Servers = Servers(),
                StartTls = IsYes("tls"),
                Tls = new(requires is not ("never" or "allow"))
                {
                    AuthorityFile = Text("tls_ca_cert_file", ""), AuthorityDirectory = Text("tls_ca_cert_dir", ""),
                    Certificate = Text("tls_cert_file", ""), Key = Text("tls_key_file", ""),
                },
                Name = Text("dn", ""),
                Password = Text("dnpass", ""),
                UsesSasl = IsYes("sasl_bind"),
                SaslMechanism = Text("sasl_mech", "") is { Length: > 0 } mechanism ? mechanism.ToUpperInvariant() : null,
                SaslRealm = Text("sasl_realm", "") is { Length: > 0 } realm ? realm : null,
                SaslAuthorizationId = Text("sasl_authz_id", ""),
                Aliases = Word("deref", "never") switch
                {
                    "never" => LdapAliases.Never, "searching" => LdapAliases.Search, "finding" => LdapAliases.Find, "always" => LdapAliases.Always,
                    var other => throw new FormatException($"deref: unknown word {other} (one of: never searching finding always)"),
                },
            };
            if (!options.Tls.Verifies && (options.StartTls || options.Servers.Any(s => s.IsTls)))
                _context.Log.SettingIgnored(_context.Block.Driver, $"tls_require_cert = {requires}: certificates of the servers are not verified");
            return new(options, _context.Time);
        }
        catch (IOException unreadable)
        {
            throw new FormatException(unreadable.Message, unreadable);
        }
    }

    public string Text(string name, string otherwise) => _context.Block[name] is { Length: > 0 } text ? text : otherwise;

    public bool IsYes(string name) => Word(name, "no") switch
    {
        "yes" => true, "no" => false, var other => throw new FormatException($"{name}: {other} is neither yes nor no"),
    };

    public LoginTemplate Template(string name, string otherwise) =>
        LoginTemplate.TryParse(Text(name, otherwise), out var problem) ?? throw new FormatException($"{name}: {problem}");

    /// <summary>A filter that is one whatever a name has in it.</summary>
    public LoginTemplate Filter(string name, string otherwise)
    {
        var template = Template(name, otherwise);
        var sample = template.Expand(new("x@x", "x@x", new("x", null, null)), LdapText.EscapeFilter);
        return LdapDirectory.FilterProblem(sample) is { } problem ? throw new FormatException($"{name}: {problem}") : template;
    }

    public LdapAttributeMap Attributes(string name, string otherwise)
    {
        try
        {
            return LdapAttributeMap.Parse(Text(name, otherwise));
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{name}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Where the base is the whole tree, nobody has meant it.</summary>
    public void DemandBase()
    {
        if (Base.Text.Length == 0)
            throw new FormatException("base is not set");
    }

    public LdapQuestion Question(LoginFacts login, LoginTemplate filter, IReadOnlyList<string> attributes) =>
        new(Base.ExpandDn(login), Scope, filter.Expand(login, LdapText.EscapeFilter), attributes);

    /// <summary>Takes the steps of a question: for who asks why, and for debug_level.</summary>
    public Action<string> Tell(LoginFacts login) => step =>
    {
        login.Explanation?.Add(step);
        if (IsVerbose)
            _context.Log.LdapStep(login.Who, step);
    };

    string Word(string name, string otherwise) => Text(name, otherwise).ToLowerInvariant();

    LdapUrl[] Servers()
    {
        char[] blanks = [' ', '\t', ','];
        var uris = Text("uris", "").Split(blanks, StringSplitOptions.RemoveEmptyEntries);
        if (uris.Length == 0)
            uris = [.. Text("hosts", "").Split(blanks, StringSplitOptions.RemoveEmptyEntries).Select(host => $"ldap://{host}")];
        return uris.Length == 0 ? throw new FormatException("neither uris nor hosts is set")
            : [.. uris.Select(uri => LdapUrl.Parse(uri, out var problem) ?? throw new FormatException(problem))];
    }
}
