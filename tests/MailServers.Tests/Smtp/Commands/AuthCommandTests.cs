using MailServers.Smtp;
using Testing;

namespace MailServers.Tests.Smtp.Commands;

public class AuthCommandTests
{
    const string Greeting = """
        S: 220 *
        C: HELO c
        S: 250 *

        """;

    static async Task PlayAsync(string script, Func<SmtpSettings, SmtpSettings>? change = null)
    {
        await using var server = new SmtpTestServer(change, auth: true);
        await server.PlayAsync(Greeting + script);
    }

    [Fact]
    public async Task Ehlo_announces_it_and_a_login_may_relay()
    {
        await using var server = new SmtpTestServer(s => s with { BrokenSaslAuthClients = true, SaslAuthenticatedHeader = true }, auth: true);
        await server.PlayAsync("""
            S: 220 *
            C: EHLO c
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-AUTH PLAIN LOGIN
            S: 250-AUTH=PLAIN LOGIN
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: MAIL FROM:<user1@example.com>
            S: 250 *
            C: RCPT TO:<far@away.test>
            S: 454 4.7.1 <far@away.test>: Relay access denied
            C: RSET
            S: 250 *
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 235 2.7.0 Authentication successful
            C: MAIL FROM:<user1@example.com> AUTH=user1
            S: 250 *
            C: RCPT TO:<far@away.test>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 *
            C: .
            S: 250 2.0.0 Ok: queued as *
            """);
        Assert.Contains("\t(Authenticated sender: user1)\r\n", server.LastMail.Text);
        Assert.Contains(" with ESMTPA id ", server.LastMail.Text);
        Assert.Contains("Q1: client=client.example.net[192.0.2.1], sasl_method=PLAIN, sasl_username=user1, sasl_sender=user1", server.Log.Lines);
        Assert.All(server.Auth!.Requests, r => Assert.Matches("^AUTH\t\\d+\tPLAIN\tservice=smtp\tnologin\t.*rip=192.0.2.1\t", r));
    }

    [Fact]
    public Task Plain_in_two_steps() => PlayAsync("""
        C: AUTH plain
        S: 334 
        C: AHVzZXIxAHNlY3JldA==
        S: 235 2.7.0 Authentication successful
        """);

    [Fact]
    public Task Login_in_three_steps() => PlayAsync("""
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: dXNlcjE=
        S: 334 UGFzc3dvcmQ6
        C: c2VjcmV0
        S: 235 2.7.0 Authentication successful
        """);

    [Fact]
    public Task An_empty_initial_response() => PlayAsync("""
        C: AUTH PLAIN =
        S: 535 5.7.8 Error: authentication failed: malformed
        """);

    [Fact]
    public async Task A_wrong_password()
    {
        await using var server = new SmtpTestServer(auth: true);
        await server.PlayAsync(Greeting + """
            C: AUTH Plain AHVzZXIxAHdyb25n
            S: 535 5.7.8 Error: authentication failed: authentication failure
            C: QUIT
            S: 221 *
            """);
        Assert.Contains("warning: client.example.net[192.0.2.1]: SASL Plain authentication failed: authentication failure, sasl_username=user1", server.Log.Lines);
        Assert.Contains("disconnect from client.example.net[192.0.2.1] helo=1 auth=0/1 quit=1 commands=2/3", server.Log.Lines);
        Assert.DoesNotContain(server.Log.Lines, l => l.Contains("wrong") || l.Contains("AHVz"));
    }

    [Fact]
    public async Task Abort()
    {
        await using var server = new SmtpTestServer(auth: true);
        await server.PlayAsync(Greeting + """
            C: AUTH LOGIN
            S: 334 VXNlcm5hbWU6
            C: *
            S: 501 5.7.0 Authentication aborted
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 235 2.7.0 Authentication successful
            """);
        Assert.Contains("warning: client.example.net[192.0.2.1]: SASL LOGIN authentication aborted", server.Log.Lines);
    }

    [Fact]
    public Task Twice_is_refused() => PlayAsync("""
        C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
        S: 235 2.7.0 Authentication successful
        C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
        S: 503 5.5.1 Error: already authenticated
        C: RSET
        S: 250 *
        C: HELO again
        S: 250 *
        C: AUTH LOGIN
        S: 503 5.5.1 Error: already authenticated
        """);

    [Fact]
    public Task Within_a_mail_is_refused() => PlayAsync("""
        C: MAIL FROM:<a@b>
        S: 250 *
        C: AUTH PLAIN
        S: 503 5.5.1 Error: MAIL transaction in progress
        """);

    [Theory]
    [InlineData("AUTH", "501 5.5.4 Syntax: AUTH mechanism")]
    [InlineData("AUTH PLAIN a b", "501 5.5.4 Syntax: AUTH mechanism")]
    [InlineData("AUTH FOO", "535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'FOO'")]
    [InlineData("AUTH ANONYMOUS", "535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'ANONYMOUS'")]
    [InlineData("AUTH EXTERNAL =", "535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'EXTERNAL'")]
    [InlineData("AUTH PLAIN not-base64!", "535 5.7.8 Error: authentication failed: Invalid base64 data in initial response")]
    public Task One_line(string command, string reply) => PlayAsync($"C: {command}\nS: {reply}\n");

    [Fact]
    public Task A_response_that_is_too_long() => PlayAsync($"""
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: {new string('A', 600)}
        S: 500 5.5.6 SASL response limit exceeded
        C: NOOP
        S: 250 *
        """, s => s with { SaslResponseLimit = 512 });

    [Fact]
    public Task A_long_response_below_the_limit_may_be_longer_than_a_command() => PlayAsync($"""
        C: AUTH PLAIN
        S: 334 
        C: {new string('A', 8000)}
        S: 535 5.7.8 *
        """);

    [Fact]
    public async Task An_initial_response_over_the_line_limit_is_no_error_of_the_client()
    {
        await PlayAsync($"C: AUTH PLAIN {new string('A', 3000)}\nS: 500 5.5.2 mail.example.com Error: command too long\n");
    }

    [Fact]
    public async Task Tls_only_hides_and_refuses_it_on_plaintext()
    {
        await using var server = new SmtpTestServer(s => s with { TlsAuthOnly = true }, auth: true);
        await server.PlayAsync("""
            S: 220 *
            C: EHLO c
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 503 5.5.1 Error: authentication not enabled
            """);
    }

    [Fact]
    public async Task Exceptions_networks_hide_it_but_it_works()
    {
        await using var server = new SmtpTestServer(s => s with { SaslExceptionsNetworks = new(["192.0.2.0/24"]) }, auth: true);
        await server.PlayAsync("""
            S: 220 *
            C: EHLO c
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 235 2.7.0 Authentication successful
            """);
    }

    [Fact]
    public async Task Security_options_decide_what_is_offered()
    {
        await using var server = new SmtpTestServer(s => s with { SaslSecurityOptions = ["noplaintext"] }, auth: true);
        await server.PlayAsync("""
            S: 220 *
            C: EHLO c
            S: 250-mail.example.com
            S: 250-PIPELINING
            S: 250-SIZE 10240000
            S: 250-VRFY
            S: 250-AUTH ANONYMOUS
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250-DSN
            S: 250 CHUNKING
            C: AUTH ANONYMOUS =
            S: 235 2.7.0 Authentication successful
            C: MAIL FROM:<a@b>
            S: 250 *
            # An anonymous login opens no relay.
            C: RCPT TO:<far@away.test>
            S: 454 4.7.1 <far@away.test>: Relay access denied
            """);
    }

    [Fact]
    public async Task The_local_domain_completes_a_name()
    {
        await using var server = new SmtpTestServer(s => s with { SaslLocalDomain = "example.com" }, auth: true);
        await server.PlayAsync(Greeting + """
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 235 *
            C: MAIL FROM:<user1@example.com>
            S: 250 *
            C: RCPT TO:<far@away.test>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """, Pace.Whole);
        Assert.Contains("Q1: client=client.example.net[192.0.2.1], sasl_method=PLAIN, sasl_username=user1@example.com", server.Log.Lines);
    }

    [Fact]
    public async Task A_temporary_failure_is_454()
    {
        await using var server = new SmtpTestServer(auth: true);
        server.Auth!.Answer = "FAIL\t{0}\tuser=user1\ttemp\tcode=temp_fail\treason=database down";
        await server.PlayAsync(Greeting + "C: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nS: 454 4.7.0 Temporary authentication failure: database down\n");
    }

    [Fact]
    public async Task An_auth_outage_is_454_and_the_server_lives_on()
    {
        await using var server = new SmtpTestServer(auth: true);
        await server.PlayAsync(Greeting + "C: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nS: 235 *\n", Pace.Whole);
        server.StopAuth();
        await server.PlayAsync(Greeting + """
            C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
            S: 454 4.7.0 Temporary authentication failure: Connection lost to authentication server
            C: MAIL FROM:<a@example.net>
            S: 250 *
            C: RCPT TO:<user1@example.com>
            S: 250 *
            C: DATA
            S: 354 *
            C: .
            S: 250 *
            """);
        Assert.Contains(server.Log.Lines, l => l.StartsWith("warning: SASL: Connect to Dovecot auth socket '"));
        Assert.Contains("warning: client.example.net[192.0.2.1]: SASL PLAIN authentication failed: Connection lost to authentication server, sasl_username=(unavailable)", server.Log.Lines);
        server.RestartAuth();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await server.PlayAsync(Greeting + "C: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nS: 235 *\n", Pace.Whole);
                return true;
            }
            catch (Xunit.Sdk.XunitException)
            {
                return false;
            }
        }, "the auth server is found again");
    }

    [Fact]
    public async Task An_auth_server_that_was_never_there_takes_only_auth_away()
    {
        await using var server = new SmtpTestServer(auth: true);
        server.StopAuth();
        await server.PlayAsync(Greeting + "C: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nS: 454 4.7.0 *\nC: QUIT\nS: 221 *\n");
    }

    [Fact]
    public async Task A_mechanism_that_the_options_forbid_is_unknown_though_the_auth_server_is_there()
    {
        await using var server = new SmtpTestServer(s => s with { SaslSecurityOptions = ["noplaintext", "noanonymous", "noactive"], SaslMechanismFilter = ["!external", "static:rest"] }, auth: true);
        await server.PlayAsync("S: 220 *\nC: HELO c\nS: 250 *\nC: AUTH PLAIN AHVzZXIxAHNlY3JldA==\nS: 535 5.7.8 Error: authentication failed: Invalid authentication mechanism: 'PLAIN'\n");
    }
}
