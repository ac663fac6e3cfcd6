using System.Net.Sockets;
using System.Text;
using AuthServer.Composition;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Client;

public sealed class ClientConnectionTests
{
    const string Greeted = TestServer.Handshake + """
        C: VERSION|1|2
        C: CPID|42

        """;

    static async Task PlayAsync(string script, Func<Sasl.Protocols.DovecotAuth.AuthServerSettings, Sasl.Protocols.DovecotAuth.AuthServerSettings>? change = null)
    {
        using var server = new TestServer(change);
        await server.PlayAsync(Greeted + script);
    }

    [Fact]
    public async Task The_handshake_comes_whole_byte_for_byte_before_the_client_speaks()
    {
        using var server = new TestServer();
        await using var stream = server.Connect();
        var text = "";
        var buffer = new byte[1024];
        while (!text.EndsWith("DONE\n"))
            text += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        Assert.Matches($@"\AVERSION\t1\t4\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t{Environment.ProcessId}\nCUID\t1\nCOOKIE\t[0-9a-f]{{32}}\nDONE\n\z", text);
    }

    [Fact]
    public Task A_login_as_Postfix_writes_it() => PlayAsync($"""
        C: AUTH|1|PLAIN|service=smtp|nologin|lip=192.0.2.2|rip=192.0.2.1|secured|resp={TestServer.Right}
        S: OK|1|user=alice
        C: AUTH|2|plain|service=smtp|nologin|lip=192.0.2.2|rip=192.0.2.1|resp={TestServer.Wrong}
        S: FAIL|2|user=alice
        C: AUTH|3|LOGIN|service=smtp|nologin
        S: CONT|3|VXNlcm5hbWU6
        C: CONT|3|YWxpY2U=
        S: CONT|3|UGFzc3dvcmQ6
        C: CONT|3|d29uZGVybGFuZA==
        S: OK|3|user=alice
        """);

    [Fact]
    public async Task A_login_as_Exim_writes_it_in_one_breath_after_the_handshake()
    {
        using var server = new TestServer();
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|0
            C: CPID|42
            C: AUTH|1|PLAIN|service=smtp|rip=192.0.2.1|lip=192.0.2.2|nologin|resp=
            S: CONT|1|
            C: CONT|1|{TestServer.Right}
            S: OK|1|user=alice
            """);
    }

    [Fact]
    public Task Bad_data_fails_its_request_and_nobody_elses() => PlayAsync($"""
        C: AUTH|1|LOGIN|service=imap
        S: CONT|1|VXNlcm5hbWU6
        C: AUTH|2|LOGIN|service=imap
        S: CONT|2|VXNlcm5hbWU6
        C: CONT|2|not base64
        S: FAIL|2|code=invalid_base64|reason=Invalid base64 data in continued response
        C: CONT|2|YWxpY2U=
        S: FAIL|2|reason=Authentication request timed out
        C: AUTH|3|X-UNKNOWN|service=imap
        S: FAIL|3|reason=Unsupported authentication mechanism
        C: AUTH|4|SCRAM-SHA-256|service=imap|resp={TestServer.Right}
        S: FAIL|4|reason=Unsupported authentication mechanism
        C: CONT|1|YWxpY2U=
        S: CONT|1|UGFzc3dvcmQ6
        C: CONT|1|d29uZGVybGFuZA==
        S: OK|1|user=alice
        """);

    [Fact]
    public Task A_continuation_that_nobody_waits_for() => PlayAsync($"""
        C: CONT|7|YWxpY2U=
        S: FAIL|7|reason=Authentication request timed out
        C: AUTH|1|PLAIN|service=smtp|nologin|resp={TestServer.Right}
        S: OK|1|user=alice
        C: CONT|1|YWxpY2U=
        S: FAIL|1|reason=Authentication request timed out
        """);

    [Fact]
    public Task A_continuation_while_the_server_works_is_unexpected() => PlayAsync($"""
        C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Wrong}
        C: CONT|1|YWxpY2U=
        S: FAIL|1|reason=Unexpected continuation
        C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Right}
        S: OK|2|user=alice
        """, s => s.With(DovecotConf.AuthFailureDelay, "2 secs"));

    [Fact]
    public Task Cancel_is_silent_and_frees_the_id() => PlayAsync($"""
        C: AUTH|1|LOGIN|service=imap
        S: CONT|1|VXNlcm5hbWU6
        C: CANCEL|1
        C: CANCEL|99
        C: AUTH|1|PLAIN|service=imap|resp={TestServer.Right}
        S: OK|1|user=alice
        """);

    [Theory]
    [InlineData("AUTH|0|PLAIN|service=smtp")]
    [InlineData("AUTH|x|PLAIN|service=smtp")]
    [InlineData("AUTH|4294967296|PLAIN|service=smtp")]
    [InlineData("AUTH|1")]
    [InlineData("AUTH|1|PLAIN")]
    [InlineData("AUTH|1|PLAIN|nologin")]
    [InlineData("AUTH|1|PLAIN|resp=AGFsaWNlAHdvbmRlcmxhbmQ=|service=smtp")]
    [InlineData("CONT|1")]
    [InlineData("CONT")]
    [InlineData("CANCEL")]
    [InlineData("CANCEL|x")]
    [InlineData("VERSION|1|2")]
    [InlineData("CPID|42")]
    [InlineData("NONSENSE|1")]
    [InlineData("")]
    public Task Broken_framing_ends_the_connection(string line) => PlayAsync($"""
        C: {line}
        S: [closed]
        """);

    [Fact]
    public Task An_id_in_use_ends_the_connection() => PlayAsync("""
        C: AUTH|1|LOGIN|service=imap
        S: CONT|1|VXNlcm5hbWU6
        C: AUTH|1|LOGIN|service=imap
        S: [closed]
        """);

    // Only where sessions are handed on does somebody come back for a login.
    [Theory]
    [InlineData(AuthListenerType.Client, "OK|1|user=alice")]
    [InlineData(AuthListenerType.Login, "[closed]")]
    public async Task A_login_is_forgotten_with_its_OK_but_on_a_login_socket(AuthListenerType type, string again)
    {
        using var server = new TestServer();
        await Dialogue.PlayAsync((socket, stop) => Server.ServeAsync(server.Host, new(type), socket, stop), TestServer.Tabs($"""
            {Greeted}
            C: AUTH|1|PLAIN|service=imap|resp={TestServer.Right}
            S: OK|1|user=alice
            C: AUTH|1|PLAIN|service=imap|resp={TestServer.Right}
            S: {again}
            """));
    }

    [Theory]
    [InlineData("CPID|42")]
    [InlineData("VERSION|2|0")]
    [InlineData("VERSION|1")]
    [InlineData("AUTH|1|PLAIN|service=smtp")]
    public async Task Nothing_comes_before_the_version(string line)
    {
        using var server = new TestServer();
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: {line}
            S: [closed]
            """);
    }

    [Theory]
    [InlineData(16384, "FAIL|1|reason=Unsupported authentication mechanism")]
    [InlineData(16385, "[closed]")]
    public Task A_line_has_16384_bytes_at_most(int length, string answer)
    {
        var line = "AUTH|1|X|service=smtp|session=";
        return PlayAsync($"""
            C: {line}{new string('x', length - line.Length)}
            S: {answer}
            """);
    }

    [Theory]
    [InlineData("a\tb")]
    [InlineData("a\x1" + "b")]
    [InlineData("a\nb")]
    [InlineData("bücher")]
    [InlineData("a;b")]
    public async Task Names_with_other_characters_are_unknown_users_and_their_spelling_comes_back_escaped(string user)
    {
        using var server = new TestServer();
        await server.PlayAsync($"""
            {Greeted}
            C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Plain(user, "x")}
            S: FAIL|1|user={Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Sasl.Protocols.TabLine.Escape(user)))}
            """);
        Assert.Contains(server.Log.Lines, l => l.Contains("username c"));
    }

    [Fact]
    public Task The_final_name_is_normalized_and_the_given_one_is_told_too() => PlayAsync($"""
        C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Plain("ALICE", TestServer.Password)}
        S: OK|1|user=alice|original_user=ALICE
        """);

    [Fact]
    public Task Acting_as_another_is_refused_by_code() => PlayAsync($"""
        C: AUTH|1|PLAIN|service=smtp|resp={Convert.ToBase64String("bob\0alice\0wonderland"u8)}
        S: FAIL|1|user=alice|code=authz_fail
        """);

    [Fact]
    public Task A_source_that_is_down_is_a_temporary_failure_and_comes_at_once() => PlayAsync($"""
        C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Right}
        S: FAIL|1|user=alice|code=temp_fail|reason=Temporary authentication failure
        """, s => (s with { Passdbs = [new("saslauthd", "/nonexistent/mux")] }).With(DovecotConf.AuthFailureDelay, "1 hour"));

    // Postfix and Exim make "535 authentication failed" of every FAIL, and 454 or 435 of a lost connection.
    [Fact]
    public async Task To_Postfix_and_Exim_a_source_that_is_down_is_a_lost_connection_and_never_a_wrong_no()
    {
        using var server = new TestServer(s => (s with { Passdbs = [new("saslauthd", "/nonexistent/mux")] }).With(DovecotConf.AuthFailureDelay, "1 hour"));
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|0
            C: CPID|42
            C: AUTH|1|LOGIN|service=smtp|nologin
            S: CONT|1|VXNlcm5hbWU6
            C: AUTH|2|PLAIN|service=smtp|nologin|resp={TestServer.Right}
            S: [closed]
            """);
        Assert.All(server.Log.Lines, l => Assert.Equal("Error: saslauthd(alice): cannot connect to saslauthd server: No such file or directory", l));
        Assert.Equal(3, server.Log.Lines.Count);
    }

    [Fact]
    public Task A_source_that_is_down_hides_no_later_one() => PlayAsync($"""
        C: AUTH|1|PLAIN|service=smtp|resp={TestServer.Right}
        S: OK|1|user=alice
        C: AUTH|2|PLAIN|service=smtp|resp={TestServer.Wrong}
        S: FAIL|2|user=alice|code=temp_fail|reason=Temporary authentication failure
        """, s => s with { Passdbs = [new("saslauthd", "/nonexistent/mux"), .. s.Passdbs] });

    [Fact]
    public async Task No_secret_is_logged()
    {
        using var server = new TestServer();
        await server.PlayAsync($"""
            {Greeted}
            C: AUTH|1|PLAIN|service=smtp|rip=192.0.2.1|session=s1|resp={TestServer.Right}
            S: OK|1|user=alice
            C: AUTH|2|PLAIN|service=smtp|rip=192.0.2.1|session=s1|resp={TestServer.Wrong}
            S: FAIL|2|user=alice
            C: AUTH|3|PLAIN|service=smtp|resp={TestServer.Wrong}|extra={TestServer.Password}
            S: [closed]
            """);
        Assert.Contains("Information: sasldb(alice,192.0.2.1,<s1>): Password mismatch", server.Log.Lines);
        string[] secrets = [TestServer.Password, TestServer.Right, TestServer.Wrong, "wrong"];
        Assert.All(server.Log.Lines, line => Assert.DoesNotContain(secrets, s => line.Contains(s)));
    }
}
