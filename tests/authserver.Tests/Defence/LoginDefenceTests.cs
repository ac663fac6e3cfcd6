using AuthServer.Defence;
using AuthServer.Logins;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;

namespace AuthServer.Tests.Defence;

public sealed class LoginDefenceTests
{
    const string Here = "192.0.2.7", There = "198.51.100.9";

    readonly Guesser _guesser = new();

    [Fact]
    public async Task So_many_different_passwords_for_a_user_from_an_address_and_no_more()
    {
        Assert.Equal(10, await _guesser.GuessAsync(50, "alice", Here));
        // Not even the right one is looked at then; but everybody else's is, and his own from elsewhere.
        Assert.False(await _guesser.TryAsync("alice", Here, "right", null));
        Assert.True(await _guesser.TryAsync("bob", Here, "right", null));
        Assert.True(await _guesser.TryAsync("alice", There, "right", null));
    }

    [Fact]
    public async Task The_same_wrong_password_again_is_no_guess()
    {
        for (var i = 0; i < 200; i++)
            Assert.True(await _guesser.TryAsync("alice", Here, "old password"));
        Assert.True(await _guesser.TryAsync("alice", Here, "right", null));
        // Also with others in between, as long as they are not too many.
        Assert.Equal(5, await _guesser.GuessAsync(5, "alice", Here));
        Assert.True(await _guesser.TryAsync("alice", Here, "old password"));
    }

    [Fact]
    public async Task Where_the_password_is_not_shown_each_failure_counts()
    {
        Assert.Equal(10, await _guesser.GuessAsync(30, "alice", Here, "SCRAM-SHA-256"));
    }

    [Fact]
    public async Task Counters_drain()
    {
        await _guesser.GuessAsync(10, "alice", Here);
        Assert.Equal(0, await _guesser.GuessAsync(1, "alice", Here));
        _guesser.Time.Advance(TimeSpan.FromMinutes(6.1));
        Assert.Equal(1, await _guesser.GuessAsync(3, "alice", Here));
        _guesser.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, await _guesser.GuessAsync(30, "alice", Here));
    }

    [Theory]
    [InlineData(FailureKind.Temporary)]
    [InlineData(FailureKind.Disabled)]
    [InlineData(FailureKind.Expired)]
    [InlineData(FailureKind.MalformedMessage)]
    [InlineData(FailureKind.ChannelBinding)]
    public async Task What_is_no_wrong_password_never_counts(FailureKind kind)
    {
        for (var i = 0; i < 100; i++)
            Assert.True(await _guesser.TryAsync("alice", Here, $"password {i}", kind));
    }

    [Fact]
    public async Task Who_has_gone_before_the_verdict_has_guessed_nothing_and_holds_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            var login = Guesser.Login("alice", Here);
            Assert.Null(await _guesser.AdmitAsync(login, $"password {i}"));
            _guesser.Defence.Abandoned(login);
            // What comes too late is not counted a second time.
            _guesser.End(login, FailureKind.BadCredentials);
        }
        Assert.Equal(10, await _guesser.GuessAsync(30, "alice", Here));
    }

    [Fact]
    public async Task Distributed_guessing_at_one_user_is_limited_where_he_is_a_stranger()
    {
        await _guesser.TryAsync("alice", Here, "right", null);
        var admitted = 0;
        for (var i = 0; i < 200; i++)
            admitted += await _guesser.GuessAsync(2, "alice", $"10.{i}.0.1");
        Assert.Equal(60, admitted);
        Assert.False(await _guesser.TryAsync("alice", There, "right", null));
        // The owner comes from where he came from before, if not from the very address.
        Assert.True(await _guesser.TryAsync("alice", "192.0.2.200", "right", null));
        Assert.True(await _guesser.TryAsync("bob", There, "right", null));
    }

    [Fact]
    public async Task A_password_that_others_have_tried_already_does_not_fill_the_users_counter()
    {
        for (var i = 0; i < 200; i++)
            Assert.True(await _guesser.TryAsync("alice", $"10.{i}.0.1", "123456"));
    }

    [Fact]
    public async Task Password_spraying_is_limited_by_the_users_that_an_address_fails_at()
    {
        var admitted = 0;
        for (var i = 0; i < 100; i++)
            admitted += await _guesser.TryAsync($"user{i}", Here, "Spring2026") ? 1 : 0;
        Assert.Equal(15, admitted);
        // Nor does his neighbour go on for ever.
        for (var i = 0; i < 1000; i++)
            admitted += await _guesser.TryAsync($"other{i}", $"192.0.2.{i % 200}", "Spring2026") ? 1 : 0;
        // Two names have one fingerprint now and then.
        Assert.InRange(admitted, 75, 79);
    }

    [Fact]
    public async Task An_address_has_so_many_guesses_for_whomever()
    {
        var admitted = 0;
        for (var i = 0; i < 100; i++)
            admitted += await _guesser.GuessAsync(1, $"user{i % 10}", Here);
        Assert.Equal(30, admitted);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 30)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 150)]
    [InlineData("192.0.2.1", "192.0.2.2", 150)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", 30)]
    public async Task Addresses_of_one_line_are_one_and_neighbours_are_counted_together(string one, string other, int most)
    {
        var admitted = 0;
        for (var i = 0; i < 400; i++)
        {
            // With as many lines of that network as it takes.
            var from = i % 2 == 0 ? one : most == 30 ? other : other.Replace("::1", $"::1").Replace(":3:", $":{3 + (i % 64):x}:").Replace("192.0.2.2", $"192.0.2.{2 + (i % 64)}");
            admitted += await _guesser.GuessAsync(1, $"user{i % 12}", from);
        }
        Assert.Equal(most, admitted);
    }

    [Fact]
    public async Task A_success_takes_back_its_owners_typing_errors_and_nothing_else()
    {
        // Somebody with an account of his own cannot empty his address's counter with it.
        var admitted = 0;
        for (var i = 0; i < 100; i++)
        {
            admitted += await _guesser.GuessAsync(1, $"user{i % 10}", Here);
            await _guesser.TryAsync("mallory", Here, $"typing error {i}");
            await _guesser.TryAsync("mallory", Here, "right", null);
        }
        Assert.Equal(30, admitted);
        // Thirty people at one address who each mistype four times and then log in leave nothing.
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(4, await _guesser.GuessAsync(4, $"clerk{i}", There));
            Assert.True(await _guesser.TryAsync($"clerk{i}", There, "right", null));
        }
    }

    [Fact]
    public async Task An_attacker_in_the_house_does_not_lock_out_who_lives_there()
    {
        await _guesser.TryAsync("alice", Here, "right", null);
        Assert.Equal(30, await _guesser.GuessAsync(10, "u1", Here) + await _guesser.GuessAsync(10, "u2", Here) + await _guesser.GuessAsync(20, "u3", Here));
        Assert.False(await _guesser.TryAsync("newcomer", Here, "right", null));
        Assert.True(await _guesser.TryAsync("alice", Here, "right", null));
    }

    [Fact]
    public async Task Without_an_address_users_do_not_share_a_counter()
    {
        Assert.Equal(10, await _guesser.GuessAsync(50, "alice", null));
        Assert.Equal(10, await _guesser.GuessAsync(50, "bob", "no address at all"));
        Assert.True(await _guesser.TryAsync("carol", null, "right", null));
        Assert.True(await _guesser.TryAsync("alice", Here, "right", null));
    }

    [Fact]
    public async Task Exempt_networks_are_neither_counted_nor_refused()
    {
        var guesser = new Guesser(DefenceSettings.From(DovecotConf.Create(new Dictionary<string, string> { ["login_trusted_networks"] = "203.0.113.0/24" })));
        Assert.Equal(300, await guesser.GuessAsync(100, "alice", "127.0.0.1") + await guesser.GuessAsync(100, "alice", "::1") + await guesser.GuessAsync(100, "alice", "203.0.113.5"));
        Assert.Equal(10, await guesser.GuessAsync(50, "alice", There));
    }

    [Fact]
    public async Task A_front_end_that_says_no_penalty_answers_for_the_address_and_not_for_the_user()
    {
        for (var i = 0; i < 50; i++)
            Assert.True(await _guesser.TryAsync($"user{i}", Here, $"guess {i}", parameters: "no-penalty"));
        var admitted = 0;
        for (var i = 0; i < 50; i++)
            admitted += await _guesser.TryAsync("alice", Here, $"guess {i}", parameters: "no-penalty") ? 1 : 0;
        Assert.Equal(10, admitted);
    }

    [Fact]
    public async Task Who_was_proven_otherwise_has_guessed_nothing()
    {
        for (var i = 0; i < 50; i++)
            Assert.True(await _guesser.TryAsync($"user{i}", Here, null, mechanism: "GSSAPI"));
    }

    [Fact]
    public async Task Parallel_guesses_are_as_many_as_one_after_the_other()
    {
        var logins = Enumerable.Range(0, 200).Select(i => (Login: Guesser.Login("alice", Here), Asked: default(Task<string?>))).ToArray();
        for (var i = 0; i < logins.Length; i++)
            logins[i].Asked = _guesser.AdmitAsync(logins[i].Login, $"guess {i}").AsTask();
        var under = logins.Where(l => l.Asked!.IsCompletedSuccessfully && l.Asked.Result is null).ToArray();
        Assert.Equal(10, under.Length);
        foreach (var (login, _) in under)
            _guesser.End(login, FailureKind.BadCredentials);
        Assert.Equal(190, (await Task.WhenAll(logins.Select(l => l.Asked!))).Count(r => r is not null));
    }

    [Fact]
    public async Task Fifty_connections_of_one_mail_program_at_once_are_nobodys_guesses()
    {
        // With one password they are one attempt; where the password is not shown, they wait for each other.
        foreach (var mechanism in new[] { "PLAIN", "SCRAM-SHA-256" })
        {
            var running = Enumerable.Range(0, 50).Select(async _ =>
            {
                var login = Guesser.Login("alice", Here, mechanism);
                Assert.Null(await _guesser.AdmitAsync(login, mechanism == "PLAIN" ? "right" : null));
                await Task.Yield();
                _guesser.End(login, null);
            });
            await Task.WhenAll(running);
        }
    }

    [Fact]
    public async Task Twins_of_which_one_gives_up_are_counted_all_the_same()
    {
        for (var i = 0; i < 10; i++)
        {
            var (first, second) = (Guesser.Login("alice", Here), Guesser.Login("alice", Here));
            Assert.Null(await _guesser.AdmitAsync(first, $"twin {i}"));
            Assert.Null(await _guesser.AdmitAsync(second, $"twin {i}"));
            _guesser.Defence.Abandoned(first);
            _guesser.End(second, FailureKind.BadCredentials);
        }
        Assert.Equal(0, await _guesser.GuessAsync(1, "alice", Here));
    }

    [Fact]
    public async Task Who_waits_too_long_for_others_is_refused_and_no_later_than_he_may_be()
    {
        var held = Enumerable.Range(0, 10).Select(_ => Guesser.Login("alice", Here, "SCRAM-SHA-256")).ToArray();
        foreach (var login in held)
            Assert.Null(await _guesser.AdmitAsync(login, null));
        var began = _guesser.Time.GetTimestamp();
        Assert.NotNull(await _guesser.AdmitAsync(Guesser.Login("alice", Here), "right"));
        Assert.InRange(_guesser.Time.GetElapsedTime(began), TimeSpan.Zero, LoginDefence.Patience + TimeSpan.FromSeconds(1));
        foreach (var login in held)
            _guesser.Defence.Abandoned(login);
        Assert.True(await _guesser.TryAsync("alice", Here, "right", null));
    }

    [Fact]
    public async Task An_attack_from_millions_of_addresses_takes_no_memory()
    {
        for (var i = 0; i < 120_000; i++)
            await _guesser.TryAsync($"u{i % 70_000}", $"2001:db8:{i >> 8:x}:{i & 0xff:x}::1", "guess");
        Assert.InRange(_guesser.Defence.Save().Length, 1, 60 * 4 * DefenceTables.MostEntries);
        Assert.InRange(_guesser.Defence.Count, DefenceTables.MostEntries, 4 * DefenceTables.MostEntries);
    }

    [Fact]
    public async Task Logins_that_succeed_leave_nothing_but_a_home()
    {
        for (var i = 0; i < 1000; i++)
            await _guesser.TryAsync($"user{i % 100}", $"10.0.{i % 250}.1", "right", null);
        Assert.Equal(100, _guesser.Defence.Count);
    }

    [Fact]
    public async Task Somebody_is_told_why()
    {
        await _guesser.TryAsync("alice", Here, "right", null);
        await _guesser.GuessAsync(10, "bob", Here);
        Assert.Equal(
        [
            "bob has not logged in from 192.0.2.0/24 in the last 90 days",
            "address_user: 10.0 of 10, full", "user: 10.0 of 60", "address of 192.0.2.7: 10.0 of 30", "network of 192.0.2.0/24: 10.0 of 150",
            "a login would be refused: too many wrong passwords for this user from this address; in 6 min the next one is let through",
        ], _guesser.Defence.Explain("bob", Here));
        Assert.Equal(
        [
            "alice has logged in from 192.0.2.0/24 before: only what happens there counts, with limits 4 times as high",
            "address_user: 0.0 of 40", "address of 192.0.2.7: 10.0 of 120", "network of 192.0.2.0/24: 10.0 of 600",
            "address_users of 192.0.2.7: 1.0 of 60", "network_users of 192.0.2.0/24: 1.0 of 300", "a login would be let to its password",
        ], _guesser.Defence.Explain("alice", Here));
        var login = new LoginFacts("bob", "bob", new("imap", Here, null)) { Explanation = new() };
        Assert.Equal("too many wrong passwords for this user from this address", await _guesser.AdmitAsync(login, "x"));
        Assert.Null(login.Reservation);
    }

    [Fact]
    public async Task What_is_counted_can_be_forgotten()
    {
        await _guesser.GuessAsync(10, "bob", Here);
        Assert.Equal(2, _guesser.Defence.Forget("bob", null));
        Assert.True(await _guesser.TryAsync("bob", Here, "right", null));
        await _guesser.GuessAsync(10, "bob", There);
        Assert.Equal(3, _guesser.Defence.Forget(null, System.Net.IPAddress.Parse(There)));
        Assert.True(await _guesser.TryAsync("bob", There, "right", null));
        Assert.Equal(0, _guesser.Defence.Forget("nobody", null));
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        Assert.Null(DefenceSettings.From(DovecotConf.Create(new Dictionary<string, string> { ["auth_limit_guessing"] = "no" })));
        var guesser = new Guesser(new DefenceSettings { Pair = 0, Address = 0, Accounts = 0, Account = 0 });
        Assert.Equal(500, await guesser.GuessAsync(500, "alice", Here));
    }
}
