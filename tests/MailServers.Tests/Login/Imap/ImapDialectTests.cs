using MailServers.Login;
using System.Net;

namespace MailServers.Tests.Login.Imap;

public sealed class ImapDialectTests
{
    [Fact]
    public async Task The_session_goes_to_the_worker_with_its_tag_and_what_was_pipelined()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync("""
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=ECHO] Ready.
            C: a LOGIN alice secret
            C: hello
            C: bye
            S: a OK Logged in
            S: worker: hello
            S: worker: bye
            S: [closed]
            """);
        Assert.All(house.Supervisor.HandOffs, h => Assert.Equal(("imap", 4711, "0123456789abcdef0123456789abcdef", "a", "192.0.2.7"),
            (h.Protocol, h.AuthPid, h.Cookie, h.Tag, h.Remote)));
        Assert.Equal(3, house.Log.All.Count(l => l.StartsWith("Login: user=<alice>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.1, mpid=99, session=<", StringComparison.Ordinal)));
        Assert.Equal(3, house.Log.All.Count);
        Assert.Equal(1, house.Auth.Connections);
    }

    [Fact]
    public async Task Every_command_before_the_login()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync("""
            S: * OK [CAPABILITY *] Ready.
            C: 1 capability
            S: * CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=ECHO
            S: 1 OK *
            C: 2 NOOP
            S: 2 OK *
            C: 3 ID ("name" "test" "version" NIL)
            S: * ID ("name" "mailservers")
            S: 3 OK *
            C: 4 ENABLE CONDSTORE
            S: * ENABLED
            S: 4 OK *
            C: 5 STARTTLS
            S: 5 BAD TLS support isn't enabled.
            C: 6 LOGOUT
            S: * BYE Logging out
            S: 6 OK Logout completed.
            S: [closed]
            """);
        Assert.All(house.Log.All, l => Assert.StartsWith("Aborted login (no auth attempts in ", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("C: a LOGIN \"alice\" \"secret\"")]
    [InlineData("C: a login alice {6+}\nC: secret")]
    [InlineData("C: a LOGIN {5+}\nC: alice {6+}\nC: secret")]
    [InlineData("C: a LOGIN {5}\nS: + OK\nC: alice {6}\nS: + OK\nC: secret")]
    [InlineData("C: a AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==")]
    [InlineData("C: a authenticate plain\nS: + \nC: AGFsaWNlAHNlY3JldA==")]
    [InlineData("C: a AUTHENTICATE ECHO\nS: + cGluZw==\nC: cG9uZw==")]
    public async Task Every_way_in(string way)
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync($"S: * OK *\n{way}\nS: a OK Logged in\nC: bye\nS: worker: bye\nS: [closed]");
    }

    [Theory]
    [InlineData("a LOGIN alice wrong", "a NO [AUTHENTICATIONFAILED] Authentication failed.")]
    [InlineData("a LOGIN nobody x", "a NO [AUTHENTICATIONFAILED] Authentication failed.")]
    [InlineData("a LOGIN reason x", "a NO [ALERT] Come back on Monday")]
    [InlineData("a LOGIN coded x", "a NO [LIMIT] Too many")]
    [InlineData("a LOGIN authz x", "a NO [AUTHORIZATIONFAILED] *")]
    [InlineData("a LOGIN temporary x", "a NO [UNAVAILABLE] Temporary authentication failure. [*:20*]")]
    [InlineData("a LOGIN disabled x", "a NO [CONTACTADMIN] *")]
    [InlineData("a LOGIN nologin x", "a NO [CONTACTADMIN] *")]
    [InlineData("a LOGIN expired x", "a NO [EXPIRED] *")]
    [InlineData("a AUTHENTICATE BOGUS", "a NO [ALERT] Unsupported authentication mechanism.")]
    [InlineData("a AUTHENTICATE SECRET", "a NO [ALERT] Unsupported authentication mechanism.")]
    [InlineData("a AUTHENTICATE PLAIN =", "a NO [AUTHENTICATIONFAILED] *")]
    [InlineData("a AUTHENTICATE PLAIN !!!!", "a BAD Invalid base64 data.")]
    [InlineData("a AUTHENTICATE PLAIN AGF", "a BAD Invalid base64 data.")]
    [InlineData("a AUTHENTICATE", "a BAD *")]
    [InlineData("a AUTHENTICATE PLAIN a b", "a BAD *")]
    [InlineData("a LOGIN alice", "a BAD *")]
    [InlineData("a LOGIN alice secret more", "a BAD *")]
    [InlineData("a LOGIN (alice) secret", "a BAD *")]
    [InlineData("a LOGIN crash x", "a NO [UNAVAILABLE] *")]
    public async Task Every_refusal_has_its_code_and_the_client_may_go_on(string command, string reply)
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync($"S: * OK *\nC: {command}\nS: {reply}\nC: b LOGIN alice secret\nS: b OK Logged in\nC: bye\nS: worker: bye");
    }

    [Theory]
    [InlineData("C: *", "a BAD Authentication aborted.")]
    [InlineData("C: ****", "a BAD Invalid base64 data.")]
    [InlineData("C+ AGFs\\0\\r\\n", "a BAD Invalid base64 data.")]
    public async Task An_exchange_that_is_broken_off_can_begin_again(string response, string reply)
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync($"S: * OK *\nC: a AUTHENTICATE ECHO\nS: + cGluZw==\n{response}\nS: {reply}\nC: b LOGIN alice secret\nS: b OK *\nC: bye\nS: worker: bye");
        Assert.Equal(3, house.Auth.Lines.Count(l => l.StartsWith("CANCEL\t", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_response_over_8_KiB_is_refused()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync($"S: * OK *\nC: a AUTHENTICATE PLAIN\nS: + \nC: {new string('A', 8193)}\nS: a BAD Authentication data too long.\n" +
            $"C: b AUTHENTICATE PLAIN {new string('A', 8193)}\nS: b BAD *\nC: c AUTHENTICATE PLAIN {new string('A', 8192)}\nS: c NO [AUTHENTICATIONFAILED] *\n");
    }

    [Theory]
    [InlineData("C: garbage\nS: * BAD *")]
    [InlineData("C: a SELECT INBOX\nS: a BAD *")]
    [InlineData("C:\nS: * BAD *")]
    [InlineData("C+ a NO\\0OP\\r\\n\nS: * BAD *")]
    [InlineData("C: a LOGIN \"alice secret\nS: a BAD *")]
    [InlineData("C: a LOGIN {}\nS: a BAD *")]
    [InlineData("C: a LOGIN {99999999999}\nS: a BAD *")]
    [InlineData("C: a LOGIN alice {2000}\nS: a BAD *")]
    [InlineData("C: a LOGIN alice {-1}\nS: a BAD *")]
    [InlineData("C: a LOGIN {+5}\nS: a BAD *")]
    [InlineData("C: a LOGIN {5+}\nC: alice\"x\"\nS: a BAD *")]
    public async Task Malformed_commands_are_bad_and_the_third_ends_the_session(string bad)
    {
        await using var house = LoginHouse.Imap();
        var first = $"S: * OK *\n{bad}\nC: b BOGUS\nS: b BAD *\nC: c BOGUS\nS: * BYE Too many invalid IMAP commands.\nS: [closed]";
        await house.PlayAsync(first);
        Assert.All(house.Log.All, l => Assert.StartsWith("Disconnected: Too many invalid commands (no auth attempts in ", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_holds_at_most_1_KiB()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync($"S: * OK *\nC: a LOGIN alice {new string('x', 1100)}\nS: a BAD Command line too long.\n" +
            $"C: b LOGIN alice {new string('x', 9000)}\nS: * BAD Command line too long.\nC: c LOGIN alice {new string('x', 1000)}\nS: c NO [AUTHENTICATIONFAILED] *");
    }

    [Fact]
    public async Task Attack_a_refused_literal_is_never_taken_for_commands()
    {
        await using var house = LoginHouse.Imap();
        var literal = "b LOGIN alice secret\r\n".PadRight(1100, 'x');
        await house.PlayAsync($"S: * OK *\nC: a LOGIN {{1100+}}\nC+ {literal.Replace("\r\n", "\\r\\n")}\nC:  rest\nC: d NOOP\nS: a BAD Literal too large.\nS: d OK *");
        Assert.Empty(house.Supervisor.HandOffs);
        await house.PlayAsync("S: * OK *\nC: a LOGIN {70000+}\nS: * BYE Input too long.\nS: [closed]");
    }

    [Fact]
    public async Task Attack_a_literal_with_NUL_cannot_move_the_border_between_name_and_password()
    {
        await using var house = LoginHouse.Imap();
        await house.PlayAsync("S: * OK *\nC: a LOGIN {13+}\nC+ x\\0alice\\0secret x\\r\\n\nS: a BAD *\nC: a LOGIN {12+}\nC+ alice\\0secret x\\r\\n\nS: a BAD NUL in user name or password.");
        Assert.Empty(house.Supervisor.HandOffs);
    }

    [Fact]
    public async Task A_cleartext_password_is_refused_on_an_open_line_and_the_user_is_warned()
    {
        await using var house = LoginHouse.Imap(new LoginSettings(), tls: true);
        await house.PlayAsync("""
            S: * OK [CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED AUTH=ECHO] Ready.
            C: a LOGIN alice secret
            S: * BAD [ALERT] *
            S: a NO [PRIVACYREQUIRED] *
            C: b AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==
            S: * BAD [ALERT] *
            S: b NO [PRIVACYREQUIRED] *
            C: c AUTHENTICATE PLAIN
            S: c NO [PRIVACYREQUIRED] *
            C: d LOGOUT
            S: * BYE *
            S: d OK *
            """);
        Assert.DoesNotContain(house.Auth.Lines, l => l.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.All(house.Log.All, l => Assert.StartsWith("Aborted login (tried to use disallowed plaintext auth): user=<>, method=PLAIN, rip=192.0.2.7,", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mechanism_without_cleartext_is_allowed_on_an_open_line_unless_TLS_is_required()
    {
        await using var house = LoginHouse.Imap(new LoginSettings(), tls: true);
        await house.PlayAsync("S: * OK *\nC: a AUTHENTICATE ECHO\nS: + cGluZw==\nC: cG9uZw==\nS: a OK *\nC: bye\nS: worker: bye");
        await using var strict = LoginHouse.Imap(new LoginSettings { Tls = TlsMode.Required, DisablePlaintextAuth = false }, tls: true);
        await strict.PlayAsync("S: * OK [CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+ STARTTLS LOGINDISABLED] Ready.\nC: a AUTHENTICATE ECHO\nS: a NO [PRIVACYREQUIRED] *");
    }

    [Fact]
    public async Task A_client_of_a_trusted_network_may_send_its_password()
    {
        await using var house = LoginHouse.Imap(new LoginSettings { TrustedNetworks = [IPNetwork.Parse("192.0.2.0/24")] }, tls: true);
        await house.PlayAsync("S: * OK [CAPABILITY * AUTH=PLAIN AUTH=ECHO] Ready.\nC: a LOGIN alice secret\nS: a OK *\nC: bye\nS: worker: bye");
        Assert.All(house.Log.All, l => Assert.Contains(", secured, session=<", l));
    }

    [Fact]
    public async Task An_auth_server_that_is_down_is_a_temporary_failure_and_the_front_end_lives_on()
    {
        await using var house = LoginHouse.Imap();
        await house.StopAuthAsync();
        await house.PlayAsync("S: * OK [CAPABILITY IMAP4rev1 SASL-IR ID ENABLE IDLE LITERAL+] Ready.\nC: a LOGIN alice secret\nS: a NO [UNAVAILABLE] *\nC: b NOOP\nS: b OK *");
        Assert.Equal(3, house.Log.All.Count(l => l.StartsWith("Disconnected (auth service reported temporary failure): user=<alice>", StringComparison.Ordinal)));
        house.StartAuth();
        await Testing.Eventually.TrueAsync(async () =>
        {
            try
            {
                await house.PlayAsync("S: * OK *\nC: a LOGIN alice secret\nS: a OK *\nC: bye\nS: worker: bye");
                return true;
            }
            catch (Xunit.Sdk.XunitException)
            {
                return false;
            }
        }, "the auth server is used again");
    }

    [Fact]
    public async Task A_failed_hand_off_is_told_and_ends_the_session()
    {
        await using var house = LoginHouse.Imap();
        house.Supervisor.RefuseWith = "temp";
        await house.PlayAsync("S: * OK *\nC: a LOGIN alice secret\nS: a NO [UNAVAILABLE] *\nS: * BYE [UNAVAILABLE] *\nS: [closed]");
        Assert.Equal(3, house.Log.All.Count(l => l.StartsWith("Disconnected: Internal login failure (internal failure, 1 successful auths): user=<alice>", StringComparison.Ordinal)));
    }
}
