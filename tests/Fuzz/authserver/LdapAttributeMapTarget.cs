using System.Text;
using AuthServer.Ldap;
using AuthServer.Logins;
using Sasl.Credentials.Ldap;

namespace Fuzz;

/// <summary>pass_attrs and user_attrs: a map or a FormatException; whatever an entry has, no field has a control character and no name is asked for that is none.</summary>
static class LdapAttributeMapTarget
{
    public static readonly string[] Seeds =
    [
        "uid=user,userPassword=password", "homeDirectory=home=/var/vmail/%$", "=home=/h/%{ldap:uid:none}/%n", "=a=%{ldap:uid | upper},b", "=x=%{ldap:", "a=@b", "%$%$", "=quota=*:bytes=%{ldap:q}", ",,=",
    ];

    static readonly LoginFacts _login = new("alice@example.org", "alice@example.org", new("imap", "192.0.2.1", null));

    public static void Run(ReadOnlySpan<byte> input)
    {
        LdapAttributeMap map;
        var text = Bytes.Utf8(input);
        try
        {
            map = LdapAttributeMap.Parse(text);
        }
        catch (FormatException)
        {
            return;
        }
        Check.That(map.Attributes.All(a => a.Length > 0 && a.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or ';' or '_')), "a name that is none");
        var entry = new LdapEntry("", [.. map.Attributes.Select(a => (a, (IReadOnlyList<byte[]>)[Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, 64)]), "x"u8.ToArray()]))]);
        Check.That(!map.Fields(_login, entry).Any(f => f.Value.Any(c => c < ' ')), "a control character in a field");
        Check.That(map.Passwords(_login, entry, "PLAIN").All(p => p.StartsWith('{')), "a password without a scheme");
    }
}
