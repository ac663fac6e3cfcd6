namespace MailServers.Tests.Smtp.Clients;

public class SwaksTests
{
    [Theory]
    [InlineData("PLAIN", false)]
    [InlineData("LOGIN", false)]
    [InlineData("PLAIN", true)]
    public async Task Logs_in_and_relays(string mechanism, bool tls)
    {
        await using var server = new SmtpTestServer(auth: true, tls: tls);
        var (exit, output) = await Peer.RunAsync("swaks", "", ["--server", "127.0.0.1", "--port", $"{server.Listen()}", "--from", "user1@example.com", "--to", "far@away.test",
            "--auth", mechanism, "--auth-user", "user1", "--auth-password", "secret", .. tls ? (string[])["--tls"] : []]);
        Assert.True(exit == 0, output);
        Assert.Contains("queued as Q1", output);
        Assert.Contains("This is a test mailing", server.LastMail.Text);
        Assert.Equal(["<far@away.test>"], server.LastMail.Recipients);
    }

    [Fact]
    public async Task Is_refused_without_a_login()
    {
        await using var server = new SmtpTestServer();
        var (exit, output) = await Peer.RunAsync("swaks", "", "--server", "127.0.0.1", "--port", $"{server.Listen()}", "--from", "user1@example.com", "--to", "far@away.test");
        Assert.NotEqual(0, exit);
        Assert.Contains("454 4.7.1 <far@away.test>: Relay access denied", output);
    }

    [Fact]
    public async Task A_wrong_password_fails()
    {
        await using var server = new SmtpTestServer(auth: true);
        var (exit, output) = await Peer.RunAsync("swaks", "", "--server", "127.0.0.1", "--port", $"{server.Listen()}", "--to", "user1@example.com",
            "--auth", "LOGIN", "--auth-user", "user1", "--auth-password", "wrong");
        Assert.NotEqual(0, exit);
        Assert.Contains("535 5.7.8 Error: authentication failed: authentication failure", output);
    }

    [Fact]
    public async Task Pipelines()
    {
        await using var server = new SmtpTestServer();
        var (exit, output) = await Peer.RunAsync("swaks", "", "--server", "127.0.0.1", "--port", $"{server.Listen()}", "--from", "a@example.net", "--to", "user1@example.com,user2@example.com", "--pipeline");
        Assert.True(exit == 0, output);
        Assert.Equal(2, server.LastMail.Recipients.Count);
    }
}
