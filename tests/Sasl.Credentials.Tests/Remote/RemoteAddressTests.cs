using Sasl.Credentials.Remote;

namespace Sasl.Credentials.Tests.Remote;

public sealed class RemoteAddressTests
{
    [Theory]
    [InlineData("mail.example", "mail.example", null)]
    [InlineData("mail.example/1143", "mail.example", 1143)]
    [InlineData("mail.example/imaps", "mail.example", 993)]
    [InlineData("mail.example/imap2", "mail.example", 143)]
    [InlineData("mail.example/ldap", "mail.example", 389)]
    [InlineData("192.0.2.1/143", "192.0.2.1", 143)]
    [InlineData("::1", "::1", null)]
    [InlineData("::1/143", "::1", 143)]
    [InlineData("[2001:db8::1]/143", "2001:db8::1", 143)]
    public void Hosts_and_ports(string text, string host, int? port)
    {
        Assert.True(RemoteAddress.TryParse(text, out var address, out _));
        Assert.Equal(new(host, port), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/143")]
    [InlineData("mail.example/")]
    [InlineData("mail.example/0")]
    [InlineData("mail.example/65536")]
    [InlineData("mail.example/99999999999")]
    [InlineData("mail.example/no-such-service")]
    [InlineData("mail.example:143")]
    [InlineData("imap://mail.example")]
    [InlineData("mail example")]
    [InlineData("mail\r\n.example")]
    public void What_is_none_is_reported(string text)
    {
        Assert.False(RemoteAddress.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.NotNull(RemoteMechanisms.RimapProblem(text));
    }

    [Theory]
    [InlineData("imap", "imap://h", "h", 143, RemoteTls.IfOffered)]
    [InlineData("imap", "IMAPS://h", "h", 993, RemoteTls.Implicit)]
    [InlineData("imap", "imap://[::1]:1143?starttls=required", "::1", 1143, RemoteTls.StartTls)]
    [InlineData("imap", "imap://h:imap2/?starttls=no", "h", 143, RemoteTls.Never)]
    [InlineData("smtp", "smtp://h", "h", 25, RemoteTls.IfOffered)]
    [InlineData("smtp", "smtps://h:10465", "h", 10465, RemoteTls.Implicit)]
    [InlineData("smtp", "submission://h", "h", 587, RemoteTls.IfOffered)]
    [InlineData("smtp", "submissions://h", "h", 465, RemoteTls.Implicit)]
    internal void Urls(string mechanism, string text, string host, int port, RemoteTls tls)
    {
        Assert.True(RemoteUrl.TryParse(mechanism, text, out var url, out var problem), problem);
        Assert.Equal(new(host, port, tls), url);
    }

    [Theory]
    [InlineData("imap", "h")]
    [InlineData("imap", "")]
    [InlineData("imap", "smtp://h")]
    [InlineData("smtp", "imap://h")]
    [InlineData("imap", "imap://")]
    [InlineData("imap", "imap://user@h")]
    [InlineData("imap", "imap://h/INBOX")]
    [InlineData("imap", "imap://h:")]
    [InlineData("imap", "imap://h:0")]
    [InlineData("imap", "imap://[::1")]
    [InlineData("imap", "imap://h?starttls=maybe")]
    [InlineData("imap", "imaps://h?starttls=required")]
    public void What_is_no_URL_is_reported(string mechanism, string text)
    {
        Assert.False(RemoteUrl.TryParse(mechanism, text, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.Equal(problem, RemoteMechanisms.UrlProblem(mechanism, text));
    }
}
