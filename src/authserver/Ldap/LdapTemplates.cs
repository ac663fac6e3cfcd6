using AuthServer.Logins;
using Sasl.Credentials.Ldap;

namespace AuthServer.Ldap;

static class LdapTemplates
{
    const string Separator = ",dc=";

    static string Components(string value)
    {
        var first = value.StartsWith(Separator.AsSpan(1), StringComparison.Ordinal) ? Separator[1..] : "";
        return first + string.Join(Separator, value[first.Length..].Split(Separator).Select(LdapText.EscapeDn));
    }

    extension(LoginTemplate template)
    {
        /// <summary>
        /// A DN in which every value of the login stays a value (RFC 4514 §2.4). Of a domain that "%Dd" has made components of, each one: what is between
        /// them is ours.
        /// </summary>
        public string ExpandDn(LoginFacts login) => string.Concat(template.Parts.Select(part => part.Literal
            ?? (part.MakesComponents ? Components(part.Value(login)) : LdapText.EscapeDn(part.Value(login)))));
    }
}
