using System.Text;
using Sasl.Credentials.Ldap;
using Sasl.Credentials.Schemes;
using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>ldap_auth_method: custom, with each scheme as OpenLDAP's directory stores it.</summary>
public sealed class LdapCustomTests(LdapCustomTests.Server server) : IClassFixture<LdapCustomTests.Server>
{
    static readonly string[] _schemes = ["CRYPT", "UNIX", "MD5", "SMD5", "SHA", "SSHA", "SHA256", "SSHA256", "SHA384", "SSHA384", "SHA512", "SSHA512", "CLEARTEXT"];

    public sealed class Server : IAsyncLifetime
    {
        public Slapd Slapd { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var people = new StringBuilder();
            foreach (var scheme in _schemes)
            {
                var stored = scheme is "CRYPT" or "UNIX" ? $"{{{scheme}}}{Credentials.Native.Crypt.Hash(Encoding.UTF8.GetBytes($"of {scheme}"), "$6$", 1000)}"
                    : PasswordScheme.Make(scheme, Encoding.UTF8.GetBytes($"of {scheme}"));
                people.Append(Slapd.Person(scheme.ToLowerInvariant(), stored!));
            }
            people.Append(Slapd.Person("several", "erstes\nuserPassword: {SHA}" + PasswordScheme.Make("SHA", "zweites"u8)![5..] + "\nuserPassword: {ROT13}qevggrf"));
            people.Append(Slapd.Person("rot13", "{ROT13}qevggrf"));
            people.Append(Slapd.Person("braces", "{geheim"));
            people.Append(Slapd.Person("none", "x").Replace("userPassword: x\n", ""));
            Slapd = await Slapd.StartAsync(people.ToString());
        }

        public async Task DisposeAsync() => await Slapd.DisposeAsync();
    }

    string Custom => LdapHouse.Conf(server.Slapd.Url, "ldap_auth_method: custom");

    public static TheoryData<string> Schemes => [.. _schemes];

    [RequiresTheory(program: Slapd.Program)]
    [MemberData(nameof(Schemes))]
    public async Task Each_scheme(string scheme)
    {
        await using var house = new LdapHouse(Custom);
        Assert.Equal(Verdict.Ok, await house.AskAsync(scheme.ToLowerInvariant(), $"of {scheme}"));
        Assert.Equal(new(VerdictKind.Refused, "Invalid password"), await house.AskAsync(scheme.ToLowerInvariant(), $"of {scheme} "));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_value_without_a_scheme_is_the_password_itself()
    {
        await using var house = new LdapHouse(Custom);
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "geheim"));
        Assert.Equal(Verdict.Ok, await house.AskAsync("braces", "{geheim"));
        Assert.Equal(new(VerdictKind.Refused, "Invalid password"), await house.AskAsync("alice", "falsch"));
        Assert.Equal(new(VerdictKind.Refused, "User not found"), await house.AskAsync("carol", "geheim"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Every_value_is_tried()
    {
        await using var house = new LdapHouse(Custom);
        Assert.Equal(Verdict.Ok, await house.AskAsync("several", "erstes"));
        Assert.Equal(Verdict.Ok, await house.AskAsync("several", "zweites"));
        Assert.Equal(new(VerdictKind.Refused, "Invalid password"), await house.AskAsync("several", "{ROT13}qevggrf"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_scheme_that_nobody_knows_and_an_entry_without_a_password_let_nobody_in()
    {
        await using var house = new LdapHouse(Custom);
        Assert.Equal(new(VerdictKind.Unavailable, "stored with an unknown password scheme"), await house.AskAsync("rot13", "{ROT13}qevggrf"));
        Assert.Equal(new(VerdictKind.Refused, "User not found (the entry shows no userPassword)"), await house.AskAsync("none", "x"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Another_attribute()
    {
        await using var house = new LdapHouse(Custom + "\nldap_password_attr: SN");
        Assert.Equal(Verdict.Ok, await house.AskAsync("alice", "alice"));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task User_enumeration_by_time_an_unknown_user_costs_a_hash_like_the_others()
    {
        await using var house = new LdapHouse(Custom);
        var stored = ((LdapCustomMethod)house.Source.Method).Stored;
        await house.AskAsync("crypt", "falsch");
        await house.AskAsync("carol", "falsch");
        Assert.Equal(1, stored.Dummy.Spent);
        Assert.StartsWith("{CRYPT}$6$rounds=1000$", stored.Dummy.Setting);
        await house.AskAsync("alice", "falsch");
        await house.AskAsync("ssha", "falsch");
        await house.AskAsync("carol", "falsch");
        Assert.Equal(2, stored.Dummy.Spent);
        Assert.Equal("", stored.Dummy.Setting);
    }
}
