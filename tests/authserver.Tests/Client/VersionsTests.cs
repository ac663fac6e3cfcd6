using System.Text;
using AuthServer.Client;
using AuthServer.Composition;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Client;

/// <summary>What each version of a client gets, on a socket of each flavour.</summary>
public sealed class VersionsTests
{
    static readonly AuthListener _legacy = new(AuthListenerType.Client), _waiting = new(AuthListenerType.Client) { WaitsForClient = true };

    static TestServer ScramServer() => new(s => s.With(DovecotConf.AuthMechanisms, "plain scram-sha-256-plus scram-sha-256"));

    static async Task<string> ReadAsync(Stream stream, string end)
    {
        var text = "";
        var buffer = new byte[1024];
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.NotEqual(0, count);
            text += Encoding.ASCII.GetString(buffer, 0, count);
        }
        return text;
    }

    [Fact]
    public async Task Handshake_of_the_old_flavour_byte_for_byte_before_the_client_speaks()
    {
        using var server = ScramServer();
        await using var stream = server.Connect((socket, stop) => Server.ServeAsync(server.Host, _legacy, socket, stop));
        Assert.Matches($@"\AVERSION\t1\t4\nMECH\tPLAIN\tplaintext\nMECH\tSCRAM-SHA-256\tmutual-auth\nSPID\t{Environment.ProcessId}\nCUID\t1\nCOOKIE\t[0-9a-f]{{32}}\nDONE\n\z",
            await ReadAsync(stream, "DONE\n"));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, @"MECH\tSCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding\n")]
    [InlineData(4, @"MECH\tSCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding\n")]
    [InlineData(9, @"MECH\tSCRAM-SHA-256-PLUS\tmutual-auth\tchannel-binding\n")]
    public async Task Handshake_of_the_new_flavour_byte_for_byte_after_the_clients_version(int minor, string bound)
    {
        using var server = ScramServer();
        await using var stream = server.Connect((socket, stop) => Server.ServeAsync(server.Host, _waiting, socket, stop));
        Assert.Equal("VERSION\t1\t4\n", await ReadAsync(stream, "\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"VERSION\t1\t{minor}\n"));
        Assert.Matches($@"\AMECH\tPLAIN\tplaintext\n{bound}MECH\tSCRAM-SHA-256\tmutual-auth\nSPID\t{Environment.ProcessId}\nCUID\t1\nCOOKIE\t[0-9a-f]{{32}}\nDONE\n\z",
            await ReadAsync(stream, "DONE\n"));
    }

    // Postfix and our own client: VERSION and CPID in one breath, and the first login with them.
    [Fact]
    public async Task The_new_flavour_serves_those_who_say_everything_at_once()
    {
        using var server = new TestServer();
        await Dialogue.PlayAsync((socket, stop) => Server.ServeAsync(server.Host, _waiting, socket, stop), TestServer.Tabs($"""
            C: VERSION|1|0
            C: CPID|42
            C: AUTH|1|PLAIN|service=smtp|nologin|resp={TestServer.Right}
            {TestServer.Handshake}
            S: OK|1|user=alice
            """));
    }

    // Dovecot's own table; policies of front ends hang on these words.
    [Theory]
    [InlineData("PLAIN", "plaintext")]
    [InlineData("LOGIN", "plaintext")]
    [InlineData("OAUTHBEARER", "plaintext")]
    [InlineData("XOAUTH2", "plaintext")]
    [InlineData("CRAM-MD5", "dictionary active")]
    [InlineData("DIGEST-MD5", "dictionary active mutual-auth")]
    [InlineData("SCRAM-SHA-1", "mutual-auth")]
    [InlineData("SCRAM-SHA-256", "mutual-auth")]
    [InlineData("SCRAM-SHA-1-PLUS", "mutual-auth channel-binding")]
    [InlineData("SCRAM-SHA-256-PLUS", "mutual-auth channel-binding")]
    [InlineData("SCRAM-SHA-512", "mutual-auth")]
    [InlineData("SCRAM-SHA-512-PLUS", "mutual-auth channel-binding")]
    [InlineData("ANONYMOUS", "anonymous")]
    [InlineData("EXTERNAL", "")]
    [InlineData("GSSAPI", "")]
    [InlineData("GSS-SPNEGO", "")]
    [InlineData("OTP", "dictionary active")]
    public void The_flags_of_each_mechanism(string name, string flags) =>
        Assert.Equal($"MECH {name}{(flags.Length > 0 ? " " : "")}{flags}", string.Join(' ', new OfferedMechanism(name, MechanismWords.Of(SaslMechanisms.Find(name)!)).ToFields()));

    [Fact]
    public void The_flags_are_told_of_every_mechanism_there_is() =>
        Assert.All(SaslMechanisms.All, m => Assert.Contains($"MECH\t{m.Name}", new Greeting([m]).Rest(AuthVersion.Minor, "1", 1, "")));

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "")]
    [InlineData(4, "S: CANCELLED|1\n")]
    [InlineData(5, "S: CANCELLED|1\n")]
    public async Task Cancel_is_answered_to_those_who_know_the_answer(int minor, string answer)
    {
        using var server = new TestServer();
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|{minor}
            C: CPID|42
            C: AUTH|1|LOGIN|service=imap
            S: CONT|1|VXNlcm5hbWU6
            C: CANCEL|1
            {answer}
            C: CANCEL|99
            C: AUTH|1|PLAIN|service=imap|nologin|resp={TestServer.Right}
            S: OK|1|user=alice
            """);
    }

    // Behind the data stands something of version 3: to an older client's line it is rubbish. "#" is no base64 there.
    [Theory]
    [InlineData(2, "YWxpY2U=|x", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in continued response")]
    [InlineData(2, "#", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in continued response")]
    [InlineData(3, "YWxpY2U=|x", "CONT|1|UGFzc3dvcmQ6")]
    [InlineData(3, "YWxpY2U=|channel_binding=?", "FAIL|1|code=invalid_base64|reason=Invalid base64 data in channel binding")]
    [InlineData(3, "YWxpY2U=|channel_binding=AAAA", "FAIL|1|reason=Unexpected continuation")]
    [InlineData(3, "#|channel_binding=AAAA", "FAIL|1|reason=Unexpected continuation")]
    [InlineData(3, "#", "FAIL|1|reason=Unexpected continuation")]
    public async Task What_stands_behind_the_data_of_a_continuation(int minor, string data, string answer)
    {
        using var server = new TestServer();
        await server.PlayAsync($"""
            {TestServer.Handshake}
            C: VERSION|1|{minor}
            C: CPID|42
            C: AUTH|1|LOGIN|service=imap
            S: CONT|1|VXNlcm5hbWU6
            C: CONT|1|{data}
            S: {answer}
            C: AUTH|2|PLAIN|service=imap|nologin|resp={TestServer.Right}
            S: OK|2|user=alice
            """);
    }

    [Fact]
    public async Task A_bound_mechanism_is_none_for_a_client_that_cannot_carry_a_binding()
    {
        using var server = ScramServer();
        await Dialogue.PlayAsync(server.ServeClientAsync, TestServer.Tabs($"""
            S: VERSION|1|4
            S: MECH|PLAIN|plaintext
            S: MECH|SCRAM-SHA-256|mutual-auth
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: VERSION|1|2
            C: CPID|42
            C: AUTH|1|SCRAM-SHA-256-PLUS|service=imap|secured=tls|resp=
            S: FAIL|1|reason=Unsupported authentication mechanism
            """));
    }

    [Theory]
    [InlineData("auth-client", "", AuthListenerType.Client, false)]
    [InlineData("smtpd", "", AuthListenerType.Client, false)]
    [InlineData("login", "", AuthListenerType.Login, false)]
    [InlineData("auth-login", "", AuthListenerType.Login, false)]
    [InlineData("auth-master", "", AuthListenerType.Master, false)]
    [InlineData("auth-userdb", "", AuthListenerType.Userdb, false)]
    [InlineData("auth-token", "", AuthListenerType.Token, false)]
    [InlineData("tokenlogin", "", AuthListenerType.TokenLogin, false)]
    [InlineData("auth-master", "auth", AuthListenerType.Client, true)]
    [InlineData("auth-master", "auth-legacy", AuthListenerType.Client, false)]
    [InlineData("x", "login", AuthListenerType.Login, true)]
    [InlineData("x", "master", AuthListenerType.Master, false)]
    [InlineData("x", "userdb", AuthListenerType.Userdb, false)]
    [InlineData("x", "token", AuthListenerType.Token, true)]
    [InlineData("x", "token-login", AuthListenerType.TokenLogin, true)]
    public void What_a_listener_speaks_by_its_type_or_its_name(string name, string type, AuthListenerType expected, bool waits)
    {
        var listener = AuthListener.Configured(name, type)!;
        Assert.Equal((expected, waits), (listener.Type, listener.WaitsForClient));
        var told = listener with { Mode = 0x1B6, Uid = 5, Gid = 6 };
        Assert.Equal(told, AuthListener.From("anything", told.ToOptions()));
        Assert.Null(AuthListener.Configured(name, "nonsense"));
    }
}
