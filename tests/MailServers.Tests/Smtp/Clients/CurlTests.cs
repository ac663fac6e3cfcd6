namespace MailServers.Tests.Smtp.Clients;

public class CurlTests
{
    const string Mail = "From: user1@example.com\r\nSubject: by curl\r\n\r\n.a dot\r\ntext\r\n";

    [Theory]
    [InlineData("smtp", false)]
    [InlineData("smtp", true)]
    [InlineData("smtps", true)]
    public async Task Sends(string scheme, bool tls)
    {
        await using var server = new SmtpTestServer(s => s with { TlsWrapperMode = scheme == "smtps" }, auth: true, tls: tls);
        var (exit, output) = await Peer.RunAsync("curl", Mail, ["-v", "-sS", "--url", $"{scheme}://127.0.0.1:{server.Listen()}", "--mail-from", "user1@example.com", "--mail-rcpt", "far@away.test",
            "--user", "user1:secret", "-T", "-", .. tls ? (string[])["--ssl-reqd", "--insecure"] : []]);
        Assert.True(exit == 0, output);
        Assert.EndsWith("From: user1@example.com\r\nSubject: by curl\r\n\r\n.a dot\r\ntext\r\n", server.LastMail.Text);
    }

    [Fact]
    public async Task A_wrong_password_is_its_login_denied()
    {
        await using var server = new SmtpTestServer(auth: true);
        var (exit, _) = await Peer.RunAsync("curl", Mail, "-sS", "--url", $"smtp://127.0.0.1:{server.Listen()}", "--mail-from", "user1@example.com", "--mail-rcpt", "far@away.test", "--user", "user1:wrong", "-T", "-");
        Assert.Equal(67, exit);
    }
}
