using Sasl.Hosting.Configuration;

namespace AuthServer.Tests.Mechanisms;

public sealed class OtherMechanismTests
{
    [Fact]
    public async Task Anonymous_is_the_user_that_the_setting_names()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "anonymous").With(DovecotConf.AuthAnonymousUsername, "guest"));
        await server.PlayAsync("""
            S: VERSION|1|4
            S: MECH|ANONYMOUS|anonymous
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: VERSION|1|2
            C: CPID|1
            C: AUTH|1|ANONYMOUS|service=imap|resp=YWxpY2VAZXhhbXBsZS5jb20=
            S: OK|1|user=guest|anonymous
            """);
    }

    [Theory]
    [InlineData("cert_username=alice|valid-client-cert", "OK|1|user=alice")]
    [InlineData("cert_username=Alice|valid-client-cert", "OK|1|user=alice|original_user=Alice")]
    [InlineData("cert_username=alice", "FAIL|1*")]
    [InlineData("cert_username=|valid-client-cert", "FAIL|1*")]
    [InlineData("valid-client-cert", "FAIL|1*")]
    [InlineData("cert_username=nobody|valid-client-cert", "FAIL|1|user=nobody")]
    public async Task External_is_the_name_in_the_certificate_and_nothing_less(string parameters, string answer)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "external plain").With(DovecotConf.AuthSslUsernameFromCert, "yes"));
        await server.PlayAsync($"""
            S: VERSION|1|4
            S: MECH|EXTERNAL*
            S: MECH|PLAIN|plaintext
            S: SPID|*
            S: CUID|*
            S: COOKIE|*
            S: DONE
            C: VERSION|1|2
            C: CPID|1
            C: AUTH|1|EXTERNAL|service=imap|secured=tls|{parameters}|resp==
            S: {answer}
            """);
    }
}
