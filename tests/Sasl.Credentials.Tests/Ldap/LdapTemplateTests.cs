using CsCheck;
using Sasl.Credentials.Ldap;

namespace Sasl.Credentials.Tests.Ldap;

public sealed class LdapTemplateTests
{
    const string All = "%%|%u|%U|%d|%1|%2|%3|%s|%r|%R|%D";

    [Theory]
    [InlineData("alice", "", "%|alice|alice|||||imap|||")]
    [InlineData("alice", "mail.example.org", "%|alice|alice||org|example|mail|imap|mail.example.org|@mail.example.org|")]
    [InlineData("alice@example.org", "", "%|alice@example.org|alice|example.org|org|example||imap|||")]
    [InlineData("alice@example.org", "other.net", "%|alice@example.org|alice|example.org|org|example||imap|other.net|@other.net|")]
    [InlineData("alice@a@b.c", "", "%|alice@a@b.c|alice|a@b.c|c|a@b||imap|||")]
    [InlineData("@", "r", "%|@||||||imap|r|@r|")]
    public void Tokens_as_in_Cyrus(string user, string realm, string expected) => Assert.Equal(expected, LdapTemplate.Filter(All, new(user, realm, "imap")));

    [Fact]
    public void The_default_realm_is_the_realm_of_logins_without_one() =>
        Assert.Equal("cn=example.org", LdapTemplate.Dn("cn=%r", new("alice", "example.org", "imap")));

    [Fact]
    public void A_found_DN_stands_in_a_DN_as_it_is_and_in_a_filter_as_a_value()
    {
        var values = new LdapValues("alice", "", "imap", "cn=a\\2Cb (c),dc=example");
        Assert.Equal("cn=a\\2Cb (c),dc=example", LdapTemplate.Dn("%D", values));
        Assert.Equal("(member=cn=a\\5c2Cb \\28c\\29,dc=example)", LdapTemplate.Filter("(member=%D)", values));
    }

    [Theory]
    [InlineData("a,b", "cn=a\\2cb")]
    [InlineData(" a b ", "cn=\\20a b\\20")]
    [InlineData("#a", "cn=\\23a")]
    [InlineData("a+b=c", "cn=a\\2bb\\3dc")]
    [InlineData("\"<>;\\\0\n", "cn=\\22\\3c\\3e\\3b\\5c\\00\\0a")]
    [InlineData("\u00e9", "cn=\u00e9")]
    public void Values_of_a_DN_are_escaped_as_RFC_4514_says(string user, string dn) => Assert.Equal(dn, LdapTemplate.Dn("cn=%u", new(user, "", "imap")));

    [Fact]
    public void Attack_ldap_injection_a_DN_keeps_its_parts() => Gen.Char["ab,+=\"\\<>;# \0\n@."].Array[0, 8].Sample(c =>
        LdapTemplate.Dn("cn=%u,dc=%1,o=%r", new(new(c), new(c), "imap")).Count(x => x is ',' or '+' or '=') == 5);
}
