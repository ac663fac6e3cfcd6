using System.Text;
using Sasl.Hosting.Configuration;

namespace Sasl.Credentials.Ldap;

/// <summary>What the tokens of <see cref="LdapTokens"/> stand for in one login.</summary>
/// <param name="User">The login as it came.</param>
/// <param name="Realm">As it came, else the default one.</param>
/// <param name="Dn">Of the entry that was found; "" before.</param>
sealed record LdapValues(string User, string Realm, string Service, string Dn = "")
{
    /// <summary>What one token stands for; nothing, where there is no such part.</summary>
    public string Of(char token)
    {
        var at = User.IndexOf('@');
        var domain = at < 0 ? "" : User[(at + 1)..];
        return token switch
        {
            'u' => User,
            'U' => at < 0 ? User : User[..at],
            'd' => domain,
            >= '1' and <= '9' => Label(at < 0 ? Realm : domain, token - '0'),
            's' => Service,
            'r' => Realm,
            'R' => Realm.Length == 0 ? "" : "@" + Realm,
            'D' => Dn,
            '%' => "%",
            _ => "",
        };
    }

    /// <summary>1 is the last one.</summary>
    static string Label(string domain, int number)
    {
        var labels = domain.Split('.');
        return number <= labels.Length ? labels[^number] : "";
    }
}

/// <summary>Puts values into filters and DNs of the configuration so that they stay values, whatever a client has typed.</summary>
static class LdapTemplate
{
    /// <summary>The text of a filter (RFC 4515 §3).</summary>
    public static string Filter(string template, LdapValues values) =>
        Expand(template, token => token == '%' ? "%" : LdapText.EscapeFilter(values.Of(token)));

    /// <summary>A DN (RFC 4514 §2.4). %D is one already and stands as it is.</summary>
    public static string Dn(string template, LdapValues values) =>
        Expand(template, token => token is '%' or 'D' ? values.Of(token) : LdapText.EscapeDn(values.Of(token)));

    static string Expand(string template, Func<char, string> value)
    {
        var text = new StringBuilder(template.Length);
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '%')
                text.Append(template[i]);
            else if (++i < template.Length)
                text.Append(value(template[i]));
        }
        return text.ToString();
    }
}
