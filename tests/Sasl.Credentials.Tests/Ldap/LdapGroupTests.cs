using Testing;

namespace Sasl.Credentials.Tests.Ldap;

public sealed class LdapGroupTests(LdapBindTests.Server server) : IClassFixture<LdapBindTests.Server>
{
    const string ByAttribute = "ldap_group_dn: cn=mail,ou=groups,dc=example", ByFilter = """
        ldap_group_match_method: filter
        ldap_group_filter: (&(cn=mail)(uniqueMember=%D))
        ldap_group_search_base: ou=groups,dc=example
        """;

    static readonly Verdict _noMember = new(VerdictKind.Disabled, "Group member check failed");

    string Fastbind => $"""
        ldap_servers: {server.Slapd.Url}
        ldap_auth_method: fastbind
        ldap_filter: uid=%u,{Slapd.People}

        """;

    [RequiresTheory(program: Slapd.Program)]
    [InlineData(ByAttribute)]
    [InlineData(ByFilter)]
    [InlineData("ldap_group_match_method: filter\nldap_group_filter: (description=%U)")]
    [InlineData("ldap_group_dn: cn=mail,ou=groups,dc=example\nldap_group_attr: description\nldap_auth_method: custom")]
    [InlineData("ldap_auth_method: custom\n" + ByFilter)]
    public async Task A_member_comes_in_and_nobody_else(string group)
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url, group));
        var expected = group.Contains("description\n") ? _noMember : Verdict.Ok;
        Assert.Equal(expected, await house.AskAsync("alice", "geheim"));
        Assert.Equal(_noMember, await house.AskAsync("bob", "bobs"));
        Assert.Equal(new(VerdictKind.Refused, "Invalid password"), await house.AskAsync("bob", "falsch"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Fastbind_asks_as_the_user()
    {
        await using var house = new LdapHouse(Fastbind + ByAttribute);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Equal(_noMember, await house.AskAsync("bob", "bobs"));
        // Users may compare, but not search: what cn=lookup would find they do not.
        await using var searching = new LdapHouse(Fastbind + ByFilter);
        Assert.Equal(new(VerdictKind.Unavailable, "Group member check failed: insufficientAccessRights (50)"), await searching.AskAsync("alice", "geheim"));
    }

    [RequiresTheory(program: Slapd.Program)]
    [InlineData("ldap_group_dn: cn=nobody,ou=groups,dc=example")]
    [InlineData("ldap_group_dn: cn=mail,ou=groups,dc=example\nldap_group_attr: seeAlso")]
    public async Task A_group_that_is_not_there_has_no_members(string group)
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url, group));
        Assert.Equal(_noMember, await house.AskAsync("alice", "geheim"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task What_cannot_be_found_out_keeps_out()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url, "ldap_group_dn: cn=mail,ou=groups,dc=example\nldap_group_attr: nosuchattribute"));
        Assert.Equal(VerdictKind.Unavailable, (await house.AskAsync("alice", "geheim")).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Attack_ldap_injection_a_login_stays_a_value_in_the_group()
    {
        await using var house = new LdapHouse(LdapHouse.Conf(server.Slapd.Url, "ldap_filter: uid=bob\nldap_group_match_method: filter\nldap_group_filter: (description=%u)"));
        Assert.Equal(_noMember, await house.AskAsync("*", "bobs"));
    }
}
