namespace Sasl.Hosting.Configuration;

// How the ldap mechanism finds an entry, checks a password and asks for a group: Cyrus' keys.
public static partial class SaslauthdConf
{
    /// <summary>Before an entry was found there is no DN of it.</summary>
    const string BeforeSearch = "%uUd123456789srR";

    static readonly string[] _scopes = ["sub", "one", "base"];

    public static readonly Setting LdapAuthMethod = Text("ldap_auth_method", "bind",
        "bind: find the entry, bind as it. custom: find the entry, compare its password here. fastbind: bind at once; ldap_filter is the DN.",
        s => s with { Choices = ["bind", "custom", "fastbind"] });

    public static readonly Setting LdapSearchBase = Text("ldap_search_base", "",
        "Where to look. Tokens allowed.", s => s with { Check = v => LdapTokens.Complaint(v, BeforeSearch) });

    public static readonly Setting LdapFilter = Text("ldap_filter", "(uid=%u)",
        "Which entry; with fastbind the DN to bind as. %% %u %U %d %1-%9 %s %r %R.", s => s with { Check = v => LdapTokens.FilterComplaint(v, BeforeSearch) });

    public static readonly Setting LdapScope = Text("ldap_scope", "sub",
        "How deep: sub, one, base.", s => s with { Choices = _scopes });

    public static readonly Setting LdapDeref = Text("ldap_deref", "never",
        "When aliases are followed: search, find, always, never.", s => s with { Choices = ["search", "find", "always", "never"] });

    public static readonly Setting LdapSizeLimit = Number("ldap_size_limit", "1",
        "Entries that the server may find; more than one is nobody's all the same.", s => s with { Maximum = 1000 });

    public static readonly Setting LdapTimeLimit = Time("ldap_time_limit", "5s",
        "How long the server may search; 0: as long as it likes, but not longer than ldap_timeout.", s => s with { Maximum = 300 });

    public static readonly Setting LdapDefaultRealm = Text("ldap_default_realm", "",
        "The realm of logins that come without one.", s => s with { Aliases = ["ldap_default_domain"] });

    public static readonly Setting LdapPasswordAttr = Text("ldap_password_attr", "userPassword",
        "custom: the attribute with the password; every value of it is tried.", s => s with { Check = AttributeComplaint });

    public static readonly Setting LdapGroupMatchMethod = Text("ldap_group_match_method", "attr",
        "attr: ldap_group_dn must name the user in ldap_group_attr. filter: ldap_group_filter must find something.", s => s with { Choices = ["attr", "filter"] });

    public static readonly Setting LdapGroupDn = Text("ldap_group_dn", "",
        "attr: the group's DN. Tokens allowed.", s => s with { Check = v => LdapTokens.Complaint(v) });

    public static readonly Setting LdapGroupAttr = Text("ldap_group_attr", "uniqueMember",
        "attr: the group's attribute that holds DNs of members.", s => s with { Check = AttributeComplaint });

    public static readonly Setting LdapGroupFilter = Text("ldap_group_filter", "",
        "filter: what to look for; %D is the user's DN.", s => s with { Check = v => LdapTokens.FilterComplaint(v) });

    public static readonly Setting LdapGroupSearchBase = Text("ldap_group_search_base", "",
        "filter: where to look; ldap_search_base when not set.", s => s with { Check = v => LdapTokens.Complaint(v), Compute = static all => all.Text(LdapSearchBase) });

    public static readonly Setting LdapGroupScope = Text("ldap_group_scope", "sub",
        "filter: how deep: sub, one, base.", s => s with { Choices = _scopes });

    static string? AttributeComplaint(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ';') ? null : $"{value} is no attribute";
}
