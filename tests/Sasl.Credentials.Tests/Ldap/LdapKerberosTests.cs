using Sasl.Credentials.Tests.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Ldap;

/// <summary>GSSAPI with a real KDC: of the user with his password, and of the lookup with a ticket. In processes of their own, for libkrb5's environment.</summary>
public sealed class LdapKerberosTests : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    Kdc _kdc = null!;
    Slapd _slapd = null!;

    string Sasl => $"""
        ldap_servers: ldap://localhost:{_slapd.Port}/
        ldap_search_base: dc=example
        ldap_use_sasl: yes
        ldap_mech: GSSAPI

        """;

    public async Task InitializeAsync()
    {
        _kdc = await Kdc.StartAsync("TEST.LOCAL");
        await _kdc.AddUserAsync("alice", "am KDC");
        await _kdc.AddUserAsync("lookup", "nachsehen");
        await _kdc.AddServiceAsync("ldap/localhost", _kdc["keytab"]);
        _slapd = await Slapd.StartAsync(environment: _kdc.Environment(keytab: _kdc["keytab"]));
        // The worker is not root.
        File.SetUnixFileMode(Path.GetDirectoryName(_kdc.Configuration)!, (UnixFileMode)0b111_101_101);
    }

    async Task<RunningDaemon> StartAsync(string configuration, string? cache = null)
    {
        await File.WriteAllTextAsync(_directory["saslauthd.conf"], configuration);
        return await RunningDaemon.StartAsync(_kdc.Environment(cache), _directory["run"], "-a", "ldap", "-O", _directory["saslauthd.conf"]);
    }

    [RequiresFact(root: true, program: Slapd.Program)]
    public async Task A_users_password_is_the_KDCs()
    {
        await using var daemon = await StartAsync(Sasl);
        Assert.Equal("OK", await daemon.AskAsync("alice", "am KDC"));
        Assert.StartsWith("NO", await daemon.AskAsync("alice", "geheim"));
        Assert.StartsWith("NO", await daemon.AskAsync("carol", "am KDC"));
        await Eventually.TrueAsync(() => _slapd.Log.Contains("mech=GSSAPI"), "slapd saw GSSAPI", log: () => _slapd.Log);
        await Eventually.TrueAsync(() => daemon.Lines.Any(l => l.Contains("[user=alice]") && l.EndsWith("[reason=Invalid password]")), "the reason", log: () => string.Join('\n', daemon.Lines));
    }

    [RequiresFact(root: true, program: Slapd.Program)]
    public async Task Lookup_with_a_ticket()
    {
        var cache = await _kdc.TicketAsync("lookup", "nachsehen", "tickets");
        File.SetUnixFileMode(_kdc["tickets"], (UnixFileMode)0b110_100_100);
        await using var daemon = await StartAsync(Sasl + "ldap_auth_method: custom", cache);
        var answer = await daemon.AskAsync("alice", "geheim");
        Assert.True(answer == "OK", string.Join('\n', daemon.Lines) + _slapd.Log);
        Assert.StartsWith("NO", await daemon.AskAsync("alice", "am KDC"));
    }

    public async Task DisposeAsync()
    {
        await _slapd.DisposeAsync();
        await _kdc.DisposeAsync();
        _directory.Dispose();
    }
}
