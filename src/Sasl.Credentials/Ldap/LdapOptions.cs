using System.Text;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Ldap;

/// <summary>The settings of saslauthd.conf as the source uses them.</summary>
sealed record LdapOptions
{
    /// <summary>What the mechanisms of user passwords have in common: the password decides. EXTERNAL would say yes to any.</summary>
    internal static readonly string[] WithPassword = [.. SaslauthdConf.LdapMech.Choices.Where(name => name.Length > 0 && name != "EXTERNAL")];

    readonly Settings _settings;

    /// <exception cref="FormatException">Settings that are right one by one do not go together.</exception>
    public LdapOptions(Settings settings)
    {
        _settings = settings;
        Servers = [.. settings.List(SaslauthdConf.LdapServers).Select(url => LdapUrl.Parse(url, out var problem) ?? throw new FormatException(problem))];
        UsesSasl = settings.Boolean(SaslauthdConf.LdapUseSasl);
        var method = Word(SaslauthdConf.LdapAuthMethod);
        Method = UsesSasl && method == "bind" ? "fastbind" : method;
        Filter = settings.Text(SaslauthdConf.LdapFilter);
        SearchBase = settings.Text(SaslauthdConf.LdapSearchBase);
        UserMechanism = Mechanism is { } named ? [named] : WithPassword;
        if (Complaint() is { } complaint)
            throw new FormatException(complaint);
    }

    public IReadOnlyList<LdapUrl> Servers { get; }

    /// <summary>bind, custom or fastbind.</summary>
    public string Method { get; }

    public bool UsesSasl { get; }

    public string Filter { get; }

    public string SearchBase { get; }

    /// <summary>The mechanisms by which a user's password may be tried.</summary>
    public IReadOnlyList<string> UserMechanism { get; }

    public int Version => _settings.Integer(SaslauthdConf.LdapVersion);

    public TimeSpan Patience => _settings.Time(SaslauthdConf.LdapTimeout);

    public bool AsksAgain => _settings.Boolean(SaslauthdConf.LdapRestart);

    public bool FollowsReferrals => _settings.Boolean(SaslauthdConf.LdapReferrals);

    public bool StartTls => _settings.Boolean(SaslauthdConf.LdapStartTls);

    public bool IsVerbose => _settings.Integer(SaslauthdConf.LdapDebug) != 0;

    public string DefaultRealm => _settings.Text(SaslauthdConf.LdapDefaultRealm);

    public string PasswordAttribute => _settings.Text(SaslauthdConf.LdapPasswordAttr);

    public string? Mechanism => _settings.Text(SaslauthdConf.LdapMech) is { Length: > 0 } mechanism ? mechanism.ToUpperInvariant() : null;

    public string? SaslRealm => _settings.Text(SaslauthdConf.LdapRealm) is { Length: > 0 } realm ? realm : null;

    /// <summary>Who asks for entries and groups.</summary>
    public LdapIdentity Lookup()
    {
        var password = Encoding.UTF8.GetBytes(_settings.Text(SaslauthdConf.LdapBindPw));
        if (!UsesSasl)
            return new LdapIdentity.Simple(_settings.Text(SaslauthdConf.LdapBindDn), password);
        var credentials = new ClientCredentials(_settings.Text(SaslauthdConf.LdapId), _settings.Text(SaslauthdConf.LdapAuthzId), password)
        {
            Realm = SaslRealm, UseKerberos = IsKerberos,
        };
        return new LdapIdentity.Sasl(credentials, Mechanism, Policy(Mechanism is { } named ? [named] : [.. WithPassword, "EXTERNAL"]));
    }

    /// <summary>A user, by SASL.</summary>
    public LdapIdentity User(string id, ReadOnlyMemory<byte> password) =>
        new LdapIdentity.Sasl(new ClientCredentials(id, "", password) { Realm = SaslRealm, UseKerberos = IsKerberos }, Mechanism, Policy(UserMechanism));

    /// <summary>The search for one user's entry, without base and filter.</summary>
    public LdapSearch Search(string searchBase, LdapFilter filter) => Bounded(new(searchBase, Scope(SaslauthdConf.LdapScope), filter)) with
    {
        SizeLimit = _settings.Integer(SaslauthdConf.LdapSizeLimit),
        Attributes = [Method == "custom" ? PasswordAttribute : LdapSearch.NoAttributes],
    };

    /// <summary>Null when no group is asked for.</summary>
    public LdapGroupCheck? Group()
    {
        var (dn, filter) = (_settings.Text(SaslauthdConf.LdapGroupDn), _settings.Text(SaslauthdConf.LdapGroupFilter));
        if (dn.Length == 0 && filter.Length == 0)
            return null;
        return Word(SaslauthdConf.LdapGroupMatchMethod) == "attr"
            ? LdapGroupCheck.ByAttribute(Needed(SaslauthdConf.LdapGroupDn, dn), _settings.Text(SaslauthdConf.LdapGroupAttr))
            : LdapGroupCheck.ByFilter(_settings.Text(SaslauthdConf.LdapGroupSearchBase), Needed(SaslauthdConf.LdapGroupFilter, filter), GroupSearch);
    }

    LdapSearch GroupSearch(string searchBase, LdapFilter filter) => Bounded(new(searchBase, Scope(SaslauthdConf.LdapGroupScope), filter)) with { SizeLimit = 1 };

    bool IsKerberos => Mechanism is "GSSAPI" or "GSS-SPNEGO";

    LdapSearch Bounded(LdapSearch search) => search with
    {
        TimeLimit = (int)_settings.Time(SaslauthdConf.LdapTimeLimit).TotalSeconds,
        Aliases = Word(SaslauthdConf.LdapDeref) switch { "search" => LdapAliases.Search, "find" => LdapAliases.Find, "always" => LdapAliases.Always, _ => LdapAliases.Never },
    };

    LdapScope Scope(Setting setting) => Word(setting) switch { "base" => LdapScope.Base, "one" => LdapScope.One, _ => LdapScope.Sub };

    SaslPolicy Policy(IReadOnlyList<string> allowed)
    {
        var words = _settings.List(SaslauthdConf.LdapSaslSecprops);
        int Number(string name, int otherwise) => words.LastOrDefault(w => w.StartsWith(name, StringComparison.Ordinal)) is { } word ? int.Parse(word.AsSpan(name.Length)) : otherwise;
        return new()
        {
            Allowed = allowed,
            NoPlaintext = words.Contains("noplain"),
            NoActive = words.Contains("noactive"),
            NoDictionary = words.Contains("nodict"),
            ForwardSecrecy = words.Contains("forwardsec"),
            MinSsf = Number("minssf=", 0),
            MaxSsf = Number("maxssf=", 256),
        };
    }

    string Word(Setting setting) => _settings.Text(setting).ToLowerInvariant();

    static string Needed(Setting setting, string value) => value.Length > 0 ? value
        : throw new FormatException($"{setting.Name} is not set, and ldap_group_match_method wants it: nobody could be checked");

    string? Complaint()
    {
        if (StartTls && Servers.Any(url => url.IsTls))
            return "ldap_start_tls: yes cannot be done on an ldaps:// server, which has TLS already";
        // RFC 4513 §5.1.2: many servers say yes to a name without a password, and it means nothing.
        if (!UsesSasl && _settings.Text(SaslauthdConf.LdapBindDn).Length > 0 && _settings.Text(SaslauthdConf.LdapBindPw).Length == 0)
            return "ldap_bind_dn needs ldap_bind_pw: a name without a password is no identity";
        if (FilterComplaint(SaslauthdConf.LdapGroupFilter, _settings.Text(SaslauthdConf.LdapGroupFilter)) is { } wrong)
            return wrong;
        if (Method != "fastbind")
            return FilterComplaint(SaslauthdConf.LdapFilter, Filter);
        if (UsesSasl)
            return Mechanism == "EXTERNAL" ? "ldap_mech: EXTERNAL looks at no password, so no user's can be checked with it" : null;
        return Filter.StartsWith('(') ? $"ldap_filter: with fastbind it is the DN to bind as (uid=%u,ou=people,…), not {Filter}" : null;
    }

    static string? FilterComplaint(Setting setting, string template)
    {
        try
        {
            if (template.Length > 0)
                LdapFilterParser.Parse(LdapTemplate.Filter(template, new("x", "x", "x", "x")));
            return null;
        }
        catch (FormatException wrong)
        {
            return $"{setting.Name}: {wrong.Message}";
        }
    }
}
