using System.Text;
using AuthServer.Logins;
using CsCheck;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;

namespace AuthServer.Tests.Client;

/// <summary>The parameters of AUTH that change what the server does.</summary>
public sealed class AuthParametersTests
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

    [Theory]
    [InlineData("service=imap|protocol=x", "imap")]
    [InlineData("protocol=pop3", "pop3")]
    public void The_service_by_either_name(string parameters, string service) =>
        Assert.Equal(service, ((Sasl.Protocols.DovecotAuth.ClientCommand.Auth)Sasl.Protocols.DovecotAuth.ClientCommandParser.Parse(
            System.Text.Encoding.ASCII.GetBytes(TestServer.Tabs($"AUTH|1|PLAIN|{parameters}")), 2)).Service);

    [Theory]
    [InlineData("rip=192.0.2.1", "rip", "192.0.2.1")]
    [InlineData("rip=2001:db8::1", "rip", "2001:db8::1")]
    [InlineData("rip=nonsense", "rip", null)]
    [InlineData("rip=", "rip", null)]
    [InlineData("real_rip=x|rip=192.0.2.1", "real_rip", null)]
    [InlineData("rip=nonsense|rip=192.0.2.1", "rip", "192.0.2.1")]
    [InlineData("lport=0", "lport", null)]
    [InlineData("lport=65536", "lport", null)]
    [InlineData("rport=25", "rport", "25")]
    [InlineData("session=a|session=b", "session", "a")]
    [InlineData("unknown=1|tls_cipher=x", "tls_cipher", "x")]
    public void Addresses_and_ports_that_are_none_are_not_told_and_the_first_of_two_counts(string parameters, string name, string? value)
    {
        var origin = new LoginOrigin("imap", null, null) { Parameters = OriginParameters.Usable(parameters.Split('|')) };
        Assert.Equal(value, origin[name]);
    }

    [Fact]
    public void Any_parameters_can_be_looked_at() => Gen.String.Array.Sample(p => Assert.True(OriginParameters.Usable(p).Length <= p.Length));

    [Theory]
    [InlineData("", "CONT|1|", "OK|1|user=alice")]
    [InlineData("final-resp-ok|", "OK|1|user=alice|resp=", "")]
    public async Task Final_data_goes_with_the_OK_to_those_who_can_take_it_there(string parameter, string third, string fourth)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-256"));
        await using var stream = server.Connect();
        using var reader = new StreamReader(stream);
        using var session = new SaslClientSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new("alice", "", Encoding.ASCII.GetBytes(TestServer.Password)));
        async Task<string> AskAsync(string line, byte[]? data)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(TestServer.Tabs(line + (data is null ? "" : Convert.ToBase64String(data)) + "\n")));
            while (true)
            {
                var reply = (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)))!.Replace('\t', '|');
                if (reply.Contains("|1|") && !reply.StartsWith("VERSION"))
                    return reply;
            }
        }
        var first = await session.StartAsync();
        var challenge = await AskAsync($"VERSION|1|2\nCPID|7\nAUTH|1|SCRAM-SHA-256|service=imap|{parameter}resp=", first.Message);
        var second = await session.StepAsync(Convert.FromBase64String(challenge.Split('|')[2]));
        var verdict = await AskAsync("CONT|1|", second.Message);
        Assert.StartsWith(third, verdict);
        var proof = verdict.Split('|')[^1];
        Assert.Null((await session.StepAsync(Convert.FromBase64String(proof.StartsWith("resp=") ? proof[5..] : proof))).Outcome as SaslOutcome.Failure);
        if (fourth.Length > 0)
            Assert.Equal(fourth, await AskAsync("CONT|1|", null));
    }

    [Fact]
    public async Task Debug_tells_the_steps_of_that_login_alone()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthDebug, "no"));
        await server.PlayAsync($"""
            {Greeted}
            C: AUTH|1|PLAIN|service=imap|session=quiet|resp={TestServer.Wrong}
            S: FAIL|1|user=alice
            C: AUTH|2|PLAIN|service=imap|session=told|debug|resp={TestServer.Wrong}
            S: FAIL|2|user=alice
            """);
        Assert.Contains("Information: auth(alice,<told>): debug: sasldb: Mismatch (Password mismatch)", server.Log.Lines);
        Assert.DoesNotContain(server.Log.Lines, l => l.Contains("<quiet>") && l.Contains("debug"));
        Assert.DoesNotContain(server.Log.Lines, l => l.Contains("wrong"));
    }

    // auth_ssl_require_client_cert and auth_ssl_username_from_cert.
    [Theory]
    [InlineData("no", "no", "", "OK|1|user=alice")]
    [InlineData("yes", "no", "", "FAIL|1|reason=Client didn't present valid SSL certificate")]
    [InlineData("yes", "no", "cert_username=alice|", "FAIL|1|reason=Client didn't present valid SSL certificate")]
    [InlineData("yes", "no", "valid-client-cert|", "OK|1|user=alice")]
    [InlineData("no", "no", "valid-client-cert|cert_username=bob|", "OK|1|user=alice")]
    [InlineData("no", "yes", "valid-client-cert|cert_username=bob|", "FAIL|1|user=alice")]
    [InlineData("no", "yes", "valid-client-cert|cert_username=alice|", "OK|1|user=alice")]
    [InlineData("no", "yes", "cert_username=bob|", "OK|1|user=alice")]
    // CVE-2019-3814: a certificate that names nobody is not anybody's.
    [InlineData("no", "yes", "valid-client-cert|", "FAIL|1|reason=Client's SSL certificate has no username")]
    [InlineData("yes", "yes", "valid-client-cert|cert_username=|", "FAIL|1|reason=Client's SSL certificate has no username")]
    public Task A_client_certificate(string isRequired, string namesUser, string parameters, string answer) => PlayAsync($"""
        C: AUTH|1|PLAIN|service=imap|secured=tls|{parameters}resp={TestServer.Right}
        S: {answer}
        """, s => s.With(DovecotConf.AuthSslRequireClientCert, isRequired).With(DovecotConf.AuthSslUsernameFromCert, namesUser));

    [Theory]
    [InlineData("yes", "valid-client-cert|cert_username=alice|", "=", "OK|1|user=alice")]
    [InlineData("yes", "valid-client-cert|cert_username=ALICE|", "=", "OK|1|user=alice|original_user=ALICE")]
    [InlineData("yes", "valid-client-cert|cert_username=nobody|", "=", "FAIL|1|user=nobody")]
    [InlineData("yes", "valid-client-cert|cert_username=alice|", "Ym9i", "FAIL|1|user=alice|code=authz_fail")]
    [InlineData("yes", "cert_username=alice|", "=", "FAIL|1")]
    [InlineData("no", "valid-client-cert|cert_username=alice|", "=", "FAIL|1")]
    public async Task External_is_the_name_in_the_certificate(string namesUser, string parameters, string response, string answer)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "external plain").With(DovecotConf.AuthSslUsernameFromCert, namesUser));
        await Testing.Dialogue.PlayAsync(server.ServeClientAsync, TestServer.Tabs($"""
            S: VERSION|1|4
            S: MECH|EXTERNAL
            S: MECH|PLAIN|plaintext
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: VERSION|1|2
            C: CPID|42
            C: AUTH|1|EXTERNAL|service=smtp|secured=tls|{parameters}resp={response}
            S: {answer}
            """));
    }
}
