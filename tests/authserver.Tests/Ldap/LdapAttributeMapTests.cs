using System.Text;
using AuthServer.Ldap;
using AuthServer.Logins;
using CsCheck;
using Sasl.Credentials.Ldap;

namespace AuthServer.Tests.Ldap;

public sealed class LdapAttributeMapTests
{
    static readonly LdapEntry _entry = new("uid=alice,dc=example",
    [
        ("uid", ["alice"u8.ToArray(), "al"u8.ToArray()]), ("userPassword", ["{SSHA}x"u8.ToArray(), "bare"u8.ToArray()]), ("mailQuota;lang-de", ["7"u8.ToArray()]),
        ("bad", ["a\nb"u8.ToArray()]), ("percent", ["%u%{ldap:uid}"u8.ToArray()]),
    ]);

    static readonly LoginFacts _login = new("Alice@Example.org", "alice@example.org", new("imap", "192.0.2.1", null));

    static string Fields(string map) => string.Join('|', LdapAttributeMap.Parse(map).Fields(_login, _entry).Select(f => $"{f.Name}={f.Value}"));

    [Theory]
    [InlineData("uid", "uid=alice")]
    [InlineData("uid=user", "user=alice")]
    [InlineData("UID=user", "user=alice")]
    [InlineData(" uid = user , mailQuota=q=%$M,", "user=alice|q=7M")]
    [InlineData("uid=home=/h/%d/%$/%n", "home=/h/example.org/alice/alice")]
    [InlineData("=home=/h/%{ldap:uid}/100%%", "home=/h/alice/100%")]
    [InlineData("=home=%{ldap:none:/default/%u}", "home=/default/%u")]
    [InlineData("=a=%{ldap:none}x,=b=%{ldap:none:}x", "b=x")]
    [InlineData("=a=%{ldap:uid | upper}%{ldap:none | default('-')}", "a=ALICE-")]
    [InlineData("=a=%{user | substr(0, 2)},=b=x", "a=al|b=x")]
    [InlineData("none=x,none=y=%$", "")]
    [InlineData("bad=x", "")]
    [InlineData("percent=x,percent=y=%$", "x=%u%{ldap:uid}|y=%u%{ldap:uid}")]
    [InlineData("=nopassword", "nopassword=yes")]
    [InlineData("userPassword=password,uid=user", "user=alice")]
    public void Attributes_become_fields(string map, string expected) => Assert.Equal(expected, Fields(map));

    [Theory]
    [InlineData("uid=", "uid=: no name of a field")]
    [InlineData("=", "=: no name of a field")]
    [InlineData("u id=x", "u id=x: u id is no name of an attribute")]
    [InlineData("*=x", "*=x: * is no name of an attribute")]
    [InlineData("=x=%{ldap:a)(b}", "a)(b is no name of an attribute")]
    [InlineData("=x=%{ldap:}", "%{}: no name")]
    [InlineData("=x=%{ldap:uid", "%{ldap:uid: no }")]
    [InlineData("=x=%{ldap_ptr:uid}", "unknown variable %{ldap_ptr:uid}")]
    [InlineData("=x=%y", "unknown variable %y")]
    [InlineData("=x=%{ldap:uid | shout}", "unknown filter shout in uid | shout")]
    [InlineData("@uid=x", "@uid=x: searches within the answer (@) are not supported")]
    public void What_is_no_map_is_told(string map, string problem) => Assert.Equal(problem, Assert.Throws<FormatException>(() => LdapAttributeMap.Parse(map)).Message);

    [Fact]
    public void Only_what_is_needed_is_asked_for()
    {
        var map = LdapAttributeMap.Parse("uid=user,userPassword=password,=home=%{ldap:homeDirectory:/x}%{ldap:UID},mail=x=%$%{ldap:cn}");
        Assert.Equal(["uid", "userPassword", "homeDirectory", "mail", "cn"], map.Attributes);
        Assert.Equal(["uid", "homeDirectory", "mail", "cn"], map.AttributesWithoutPassword);
        Assert.Equal("userPassword", map.PasswordAttribute);
        Assert.Null(LdapAttributeMap.Parse("userPassword=password=%$").PasswordAttribute);
    }

    [Fact]
    public void Passwords_have_their_schemes()
    {
        Assert.Equal(["{SSHA}x", "{CRYPT}bare"], LdapAttributeMap.Parse("userPassword=password").Passwords(_login, _entry, "CRYPT"));
        Assert.Equal(["{PLAIN}{SSHA}x", "{PLAIN}bare"], LdapAttributeMap.Parse("userPassword=password_noscheme").Passwords(_login, _entry, "PLAIN"));
        Assert.Equal("{CRYPT}{} x", Sasl.Credentials.Schemes.PasswordScheme.WithScheme("{} x", "CRYPT"));
    }

    [Fact]
    public void Whatever_is_in_an_entry_stays_a_value() => Gen.String[0, 30].Sample(value =>
    {
        var entry = new LdapEntry("", [("a", [Encoding.UTF8.GetBytes(value)])]);
        var clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
        var expected = clean.AsSpan().ContainsAnyInRange('\0', '\x1f') ? [] : new[] { ("x", clean), ("y", $"<{clean}{clean}>") };
        Assert.Equal(expected, LdapAttributeMap.Parse("a=x,=y=<%{ldap:a}%{ldap:a:other}>").Fields(_login, entry));
    });

    [Fact]
    public void Whatever_the_text_is_it_is_a_map_or_a_problem() => Gen.String[Gen.Char["=,%${}:| lduapig@;"], 0, 30].Sample(text =>
    {
        try
        {
            LdapAttributeMap.Parse(text).Fields(_login, _entry);
        }
        catch (FormatException)
        {
        }
    });
}
