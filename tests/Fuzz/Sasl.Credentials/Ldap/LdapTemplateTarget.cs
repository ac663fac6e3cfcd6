using System.Text;
using Sasl.Credentials.Ldap;

namespace Fuzz;

/// <summary>LDAP injection: whatever a client types, the filter keeps the administrator's shape with the login as its value, and the DN the administrator's parts.</summary>
static class LdapTemplateTarget
{
    public static readonly string[] Seeds = ["alice", "a@b.c", "*)(uid=*", "x,ou=y", "\\2a", " # ", "a=b+c", "\"", "\u0000", "\u00c3\u00a9"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var login = Bytes.Utf8(input);
        if (login.Length > LdapSource.LongestName)
            return;
        var values = new LdapValues(login, login, "imap", login);
        var filter = LdapFilterParser.Parse(LdapTemplate.Filter("(&(cn=%u)(!(sn=x%Dy))(l=%r*))", values));
        Check.That(filter is LdapFilter.Set { IsAnd: true, Filters: [LdapFilter.Comparison, LdapFilter.Not { Filter: LdapFilter.Comparison }, LdapFilter.Substrings or LdapFilter.Present] },
            "the filter has another shape");
        Check.Same(Encoding.UTF8.GetBytes(login).AsSpan(), ((LdapFilter.Comparison)((LdapFilter.Set)filter).Filters[0]).Value, "the login");
        var dn = LdapTemplate.Dn("cn=%u,ou=%r,dc=example", values);
        Check.Same(3, Unescaped(dn, ','), "parts of the DN");
        Check.Same(3, Unescaped(dn, '='), "attributes of the DN");
        Check.Same(1, Unescaped(dn, '+'), "values of a part");
        Check.That(!dn.Any(c => c is '"' or '<' or '>' or ';' || c < ' '), "a special character in the DN");
    }

    /// <summary>One more than the character stands in it; every backslash of ours begins two digits.</summary>
    static int Unescaped(string dn, char c) => dn.Count(d => d == c) + (c == '=' ? 0 : 1);
}
