using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace MailServers.Tests.Smtp.Clients;

public class MailKitTests
{
    static MimeMessage Message(string to)
    {
        var message = new MimeMessage { Subject = "Grüße" };
        message.From.Add(new MailboxAddress("User One", "user1@example.com"));
        message.To.Add(new MailboxAddress("", to));
        message.Body = new BodyBuilder { TextBody = ".dots\r\n..\r\nÄ and a very long line " + new string('x', 3000) }.ToMessageBody();
        return message;
    }

    static SmtpClient Client() => new() { ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=mail.example.com", CheckCertificateRevocation = false };

    [Theory]
    [InlineData(SecureSocketOptions.None)]
    [InlineData(SecureSocketOptions.StartTls)]
    [InlineData(SecureSocketOptions.SslOnConnect)]
    public async Task Sends_what_arrives_byte_for_byte(SecureSocketOptions security)
    {
        await using var server = new SmtpTestServer(s => s with { TlsWrapperMode = security == SecureSocketOptions.SslOnConnect }, auth: true, tls: security != SecureSocketOptions.None);
        using var client = Client();
        await client.ConnectAsync("127.0.0.1", server.Listen(), security);
        await client.AuthenticateAsync("user1", "secret");
        Assert.True(client.Capabilities.HasFlag(SmtpCapabilities.Pipelining | SmtpCapabilities.EightBitMime | SmtpCapabilities.Chunking | SmtpCapabilities.Size));
        var message = Message("far@away.test");
        Assert.Matches("queued as Q1$", await client.SendAsync(message));
        await client.DisconnectAsync(true);
        using var sent = new MemoryStream();
        await message.WriteToAsync(new FormatOptions { NewLineFormat = NewLineFormat.Dos, EnsureNewLine = true }, sent);
        Assert.EndsWith(System.Text.Encoding.Latin1.GetString(sent.ToArray()), server.LastMail.Text);
    }

    [Fact]
    public async Task Sees_a_refused_recipient()
    {
        await using var server = new SmtpTestServer();
        using var client = Client();
        await client.ConnectAsync("127.0.0.1", server.Listen(), SecureSocketOptions.None);
        var refused = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Message("far@away.test")));
        Assert.Equal(SmtpErrorCode.RecipientNotAccepted, refused.ErrorCode);
    }

    [Fact]
    public async Task Sees_a_wrong_password()
    {
        await using var server = new SmtpTestServer(auth: true);
        using var client = Client();
        await client.ConnectAsync("127.0.0.1", server.Listen(), SecureSocketOptions.None);
        await Assert.ThrowsAsync<AuthenticationException>(() => client.AuthenticateAsync("user1", "wrong"));
    }
}
