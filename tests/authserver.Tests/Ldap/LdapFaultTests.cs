using System.Text;
using AuthServer.Passdb;
using AuthServer.Passdb.Drivers;
using Testing;

namespace AuthServer.Tests.Ldap;

/// <summary>Servers that die, come back and hang.</summary>
public sealed class LdapFaultTests
{
    static Task<PassdbRow> VerifyAsync(IPassdb passdb, string user, string password) =>
        passdb.VerifyAsync(LdapBlocks.Login(user), Encoding.UTF8.GetBytes(password), default).AsTask();

    [RequiresFact(program: Slapd.Program)]
    public async Task While_a_server_is_down_failures_are_temporary_and_when_it_is_back_all_goes_on()
    {
        await using var slapd = await Slapd.StartAsync();
        using var auth = new TestServer(s => s with { Passdbs = [LdapBlocks.Block(slapd.Url, "auth_bind = yes")] });
        async Task ExpectAsync(string answer) => await auth.PlayAsync($"""
            C: VERSION|1|2
            C: CPID|1
            {TestServer.Handshake.TrimEnd()}
            C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Plain("alice", "geheim")}
            S: {answer}
            """);
        await ExpectAsync("OK|1|user=alice");
        await slapd.KillAsync();
        await ExpectAsync("FAIL|1|user=alice|code=temp_fail|reason=*");
        await slapd.ServeAsync();
        // One that could not be used is passed over for some seconds when there is another; there is none.
        await ExpectAsync("OK|1|user=alice");
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_restart_between_two_logins_is_not_noticed()
    {
        await using var slapd = await Slapd.StartAsync();
        var passdb = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(slapd.Url)));
        Assert.Equal(PassdbKind.Found, (await passdb.FindAsync(LdapBlocks.Login("alice"), default)).Kind);
        await slapd.KillAsync();
        await slapd.ServeAsync();
        Assert.Equal(PassdbKind.Found, (await passdb.FindAsync(LdapBlocks.Login("alice"), default)).Kind);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task Many_questions_at_once_share_one_connection()
    {
        await using var slapd = await Slapd.StartAsync();
        var passdb = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(slapd.Url)));
        var rows = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => passdb.FindAsync(LdapBlocks.Login(i % 2 == 0 ? "alice" : "bob"), default).AsTask()));
        Assert.All(rows.Index(), r => Assert.Equal(r.Index % 2 == 0 ? "{PLAIN}geheim" : "{PLAIN}bobs", r.Item.Passwords.Single()));
        await Eventually.TrueAsync(() => slapd.Log.Split("SEARCH RESULT").Length > 200, "all searches are in the log", log: () => slapd.Log);
        Assert.Equal(2, slapd.Log.Split($"BIND dn=\"{Slapd.LookupDn}\" method=128").Length);
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task A_server_that_hangs_ends_in_time_and_holds_up_nobody_else()
    {
        await using var hung = await Slapd.StartAsync();
        await using var slapd = await Slapd.StartAsync();
        var slow = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(hung.Url, "auth_bind = yes")));
        var quick = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block(slapd.Url, "auth_bind = yes")));
        await VerifyAsync(slow, "alice", "geheim");
        await hung.StopAsync();
        var waiting = Enumerable.Range(0, 50).Select(_ => VerifyAsync(slow, "alice", "geheim")).ToList();
        for (var i = 0; i < 20; i++)
            Assert.Equal(PassdbKind.Found, (await VerifyAsync(quick, "alice", "geheim")).Kind);
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        Assert.All(await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30)), row => Assert.Equal(PassdbKind.Failed, row.Kind));
    }

    [RequiresFact(program: Slapd.Program)]
    public async Task The_next_server_is_asked_when_the_first_hangs()
    {
        await using var hung = await Slapd.StartAsync();
        await using var slapd = await Slapd.StartAsync();
        await hung.StopAsync();
        var passdb = LdapPassdb.Open(LdapBlocks.Context(LdapBlocks.Block($"{hung.Url} {slapd.Url}")));
        Assert.Equal(PassdbKind.Found, (await passdb.FindAsync(LdapBlocks.Login("alice"), default)).Kind);
    }
}
