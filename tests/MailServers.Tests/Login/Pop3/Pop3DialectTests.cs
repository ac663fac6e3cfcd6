using MailServers.Login;

namespace MailServers.Tests.Login.Pop3;

public sealed class Pop3DialectTests
{
    [Fact]
    public async Task The_session_goes_to_the_worker_with_what_was_pipelined()
    {
        await using var house = LoginHouse.Pop3();
        await house.PlayAsync("""
            S: +OK Ready.
            C: USER alice
            C: PASS secret
            C: STAT
            C: bye
            S: +OK
            S: +OK Logged in.
            S: worker: STAT
            S: worker: bye
            S: [closed]
            """);
        Assert.All(house.Supervisor.HandOffs, h => Assert.Equal(("pop3", "", 4711), (h.Protocol, h.Tag, h.AuthPid)));
        Assert.Equal(3, house.Log.All.Count(l => l.StartsWith("Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=99, session=<", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_command_before_the_login()
    {
        await using var house = LoginHouse.Pop3();
        await house.PlayAsync("""
            S: +OK Ready.
            C: capa
            S: +OK
            S: CAPA
            S: TOP
            S: UIDL
            S: RESP-CODES
            S: PIPELINING
            S: AUTH-RESP-CODE
            S: USER
            S: SASL PLAIN ECHO
            S: .
            C: AUTH
            S: +OK
            S: PLAIN
            S: ECHO
            S: .
            C: APOP alice c4c9334bac560ecc979e58001b3e22fb
            S: -ERR APOP is not offered.
            C: STLS
            S: -ERR TLS support isn't enabled.
            C: PASS secret
            S: -ERR No user name given.
            C: USER
            S: -ERR *
            C: QUIT
            S: +OK Logging out.
            S: [closed]
            """);
        Assert.All(house.Log.All, l => Assert.StartsWith("Aborted login (no auth attempts in ", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C: USER alice\nC: PASS secret\nS: +OK")]
    [InlineData("C: USER blank word\nC: PASS  a b \nS: +OK")]
    [InlineData("C: AUTH PLAIN AGFsaWNlAHNlY3JldA==")]
    [InlineData("C: auth plain\nS: + \nC: AGFsaWNlAHNlY3JldA==")]
    [InlineData("C: AUTH ECHO\nS: + cGluZw==\nC: cG9uZw==")]
    public async Task Every_way_in(string way)
    {
        await using var house = LoginHouse.Pop3();
        await house.PlayAsync($"S: +OK *\n{way}\nS: +OK Logged in.\nC: bye\nS: worker: bye\nS: [closed]");
    }

    [Theory]
    [InlineData("USER alice\nC: PASS wrong\nS: +OK", "-ERR [AUTH] Authentication failed.")]
    [InlineData("USER nobody\nC: PASS x\nS: +OK", "-ERR [AUTH] Authentication failed.")]
    [InlineData("USER reason\nC: PASS x\nS: +OK", "-ERR [AUTH] Come back on Monday")]
    [InlineData("USER temporary\nC: PASS x\nS: +OK", "-ERR [SYS/TEMP] *")]
    [InlineData("USER crash\nC: PASS x\nS: +OK", "-ERR [SYS/TEMP] *")]
    [InlineData("USER authz\nC: PASS x\nS: +OK", "-ERR [AUTH] *")]
    [InlineData("USER disabled\nC: PASS x\nS: +OK", "-ERR [AUTH] *")]
    [InlineData("USER expired\nC: PASS x\nS: +OK", "-ERR [AUTH] Password expired.")]
    [InlineData("AUTH BOGUS", "-ERR [AUTH] Unsupported authentication mechanism.")]
    [InlineData("AUTH SECRET", "-ERR [AUTH] Unsupported authentication mechanism.")]
    [InlineData("AUTH PLAIN =", "-ERR [AUTH] Authentication failed.")]
    [InlineData("AUTH PLAIN !!!", "-ERR [AUTH] Invalid base64 data.")]
    [InlineData("AUTH PLAIN a b", "-ERR [AUTH] Invalid base64 data.")]
    [InlineData("AUTH ECHO\nS: + cGluZw==\nC: *", "-ERR Authentication aborted.")]
    public async Task Every_refusal_has_its_code_and_the_client_may_go_on(string command, string reply)
    {
        await using var house = LoginHouse.Pop3();
        await house.PlayAsync($"S: +OK *\nC: {command}\nS: {reply}\nC: USER alice\nC: PASS secret\nS: +OK\nS: +OK Logged in.\nC: bye\nS: worker: bye");
    }

    [Theory]
    [InlineData("C: BOGUS\nS: -ERR Unknown command.")]
    [InlineData("C: STAT\nS: -ERR Unknown command.")]
    [InlineData("C:\nS: -ERR Unknown command.")]
    [InlineData("C+ US\\0ER alice\\r\\n\nS: -ERR Unknown command.")]
    public async Task Bad_commands_are_told_and_the_third_ends_the_session(string bad)
    {
        await using var house = LoginHouse.Pop3();
        await house.PlayAsync($"S: +OK *\n{bad}\nC: X\nS: -ERR *\nC: Y\nS: -ERR Too many invalid commands.\nS: [closed]");
    }

    [Fact]
    public async Task A_command_holds_at_most_1_KiB()
    {
        await using var house = LoginHouse.Pop3();
        await house.PlayAsync($"S: +OK *\nC: USER {new string('x', 1100)}\nS: -ERR Command line too long.\nC: USER {new string('x', 9000)}\nS: -ERR Command line too long.\nC: USER alice\nS: +OK\n" +
            $"C: AUTH PLAIN\nS: + \nC: {new string('A', 8193)}\nS: -ERR Authentication data too long.");
    }

    [Fact]
    public async Task A_cleartext_password_is_refused_on_an_open_line()
    {
        await using var house = LoginHouse.Pop3(new LoginSettings(), tls: true);
        await house.PlayAsync("""
            S: +OK Ready.
            C: CAPA
            S: +OK
            S: CAPA
            S: TOP
            S: UIDL
            S: RESP-CODES
            S: PIPELINING
            S: AUTH-RESP-CODE
            S: STLS
            S: SASL ECHO
            S: .
            C: USER alice
            S: -ERR [AUTH] *
            C: PASS secret
            S: -ERR [AUTH] *
            C: AUTH PLAIN AGFsaWNlAHNlY3JldA==
            S: -ERR [AUTH] *
            C: QUIT
            S: +OK *
            """);
        Assert.DoesNotContain(house.Auth.Lines, l => l.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.All(house.Log.All, l => Assert.StartsWith("Aborted login (tried to use disallowed plaintext auth): user=<>, method=PLAIN, rip=192.0.2.7,", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_hand_off_is_told_and_ends_the_session()
    {
        await using var house = LoginHouse.Pop3();
        house.Supervisor.RefuseWith = "denied";
        await house.PlayAsync("S: +OK *\nC: USER alice\nC: PASS secret\nS: +OK\nS: -ERR [SYS/TEMP] *\nS: [closed]");
    }
}
