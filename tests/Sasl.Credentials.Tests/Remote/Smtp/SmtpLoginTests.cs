using System.Net;
using Sasl.Credentials.Remote.Smtp;
using Sasl.Credentials.Tests.Remote.Peers;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Smtp;

public sealed class SmtpLoginTests : IDisposable
{
    const string Greeting = "220 mx ESMTP\r\n", Plain = "250-mx\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME\r\n";

    readonly TemporaryDirectory _directory = new();

    public SmtpLoginTests() => File.WriteAllText(_directory["ca.pem"], Authority.Ours.Pem);

    string Trust => $"remote_ca_file: {_directory["ca.pem"]}\n";

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("235 2.7.0 in\r\n", VerdictKind.Ok, "remote authentication successful")]
    [InlineData("235-2.7.0 in\r\n235 welcome\r\n", VerdictKind.Ok, "remote authentication successful")]
    [InlineData("535 5.7.8 no\r\n", VerdictKind.Refused, "remote server rejected your credentials")]
    [InlineData("525 5.7.13 disabled\r\n", VerdictKind.Disabled, "remote server rejected your credentials: the account is disabled")]
    [InlineData("454 4.7.0 not now\r\n", VerdictKind.Unavailable, Asking.Unavailable)]
    [InlineData("421 4.3.2 bye\r\n", VerdictKind.Unavailable, Asking.Unavailable)]
    [InlineData("538 5.7.11 encrypt\r\n", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("250 OK\r\n", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("334 more\r\n", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("2350 OK\r\n", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("garbage\r\n", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("235-2.7.0 in\r\n", VerdictKind.Unavailable, Asking.Unexpected)]
    [InlineData("", VerdictKind.Unavailable, Asking.Unexpected)]
    public async Task Replies_to_AUTH(string reply, VerdictKind kind, string reason)
    {
        await using var server = FakeServer.Saying(Greeting, Plain, reply);
        Assert.Equal(new(kind, reason), await Asking.Make("smtp", $"smtp://127.0.0.1:{server.Port}").AskAsync("bob", "geheim"));
        Assert.StartsWith("EHLO [127.0.0.1]\r\nAUTH PLAIN AGJvYgBnZWhlaW0=\r\n", server.Received);
    }

    [Theory]
    [InlineData("554 5.7.1 go away\r\n", Asking.Unavailable)]
    [InlineData("421 4.7.0 later\r\n", Asking.Unavailable)]
    [InlineData("250 hello\r\n", Asking.Unexpected)]
    [InlineData("* OK IMAP\r\n", Asking.Unexpected)]
    [InlineData("220 mx\0\r\n", Asking.Unexpected)]
    public async Task Greetings(string greeting, string reason)
    {
        await using var server = FakeServer.Saying(greeting);
        Assert.Equal(new(VerdictKind.Unavailable, reason), await Asking.Make("smtp", $"smtp://127.0.0.1:{server.Port}").AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task LOGIN_where_PLAIN_is_missing()
    {
        await using var server = FakeServer.Saying(Greeting, "250-mx\r\n250 AUTH=LOGIN CRAM-MD5\r\n", "334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n", "235 in\r\n");
        Assert.Equal(Asking.Ok, await Asking.Make("smtp", $"smtp://127.0.0.1:{server.Port}").AskAsync("bob", "geheim"));
        Assert.Contains("AUTH LOGIN\r\nYm9i\r\nZ2VoZWlt\r\n", server.Received);
    }

    [Fact]
    public async Task Neither_of_them()
    {
        await using var server = FakeServer.Saying(Greeting, "250-mx\r\n250 AUTH CRAM-MD5\r\n", "235 in\r\n");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("smtp", $"smtp://127.0.0.1:{server.Port}").AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task A_password_of_8_KiB_waits_for_the_challenge()
    {
        await using var server = FakeServer.Saying(Greeting, Plain, "334 \r\n", "235 in\r\n");
        Assert.Equal(Asking.Ok, await Asking.Make("smtp", $"smtp://127.0.0.1:{server.Port}").AskAsync("bob", new string('p', 8192)));
        Assert.Contains("AUTH PLAIN\r\nAGJvYgBwcHBw", server.Received);
    }

    [Fact]
    public async Task Attack_STARTTLS_injection_words_behind_the_go_ahead_end_the_dialogue()
    {
        await using var server = new FakeServer(async client =>
        {
            await client.SayAsync(Greeting, "250-mx\r\n250 STARTTLS\r\n", "220 begin\r\n250-mx\r\n250 AUTH PLAIN\r\n235 in\r\n");
            await client.StartTlsAsync(Authority.Ours);
            await client.ReadLineAsync();
            await client.SayAsync(Plain, "235 in\r\n");
        });
        var verdict = await Asking.Make("smtp", $"smtp://localhost:{server.Port}", Trust).AskAsync("bob", "geheim");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), verdict);
        Assert.DoesNotContain("AUTH", server.Received);
    }

    [Fact]
    public async Task What_was_announced_before_TLS_is_forgotten()
    {
        await using var server = new FakeServer(async client =>
        {
            await client.SayAsync(Greeting, "250-mx\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n", "220 begin\r\n");
            await client.StartTlsAsync(Authority.Ours);
            await client.ReadLineAsync();
            await client.SayAsync("250 mx\r\n", "235 in\r\n");
        });
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("smtp", $"smtp://localhost:{server.Port}", Trust).AskAsync("bob", "geheim"));
        Assert.DoesNotContain("AUTH PLAIN", server.Received);
    }

    [Fact]
    public async Task Attack_STARTTLS_stripping_without_TLS_that_is_demanded_no_password_is_sent()
    {
        await using var server = FakeServer.Saying(Greeting, Plain, "502 5.5.1 what\r\n", "235 in\r\n");
        var verdict = await Asking.Make("smtp", $"submission://127.0.0.1:{server.Port}?starttls=required", Trust).AskAsync("bob", "geheim");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unavailable), verdict);
        Assert.DoesNotContain("AUTH", server.Received);
    }

    // The machine's own address beside the loopback stands for another machine's.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attack_STARTTLS_stripping_a_password_goes_to_another_machine_in_the_clear_only_where_that_is_allowed(bool isAllowed)
    {
        await using var server = new FakeServer(client => client.SayAsync(Greeting, Plain, "235 in\r\n"), IPAddress.Any);
        var log = new ListLog();
        var verdict = await Asking.Make("smtp", $"smtp://{FakeServer.OwnAddress()}:{server.Port}", isAllowed ? "remote_plaintext: yes" : "", log).AskAsync("bob", "geheim");
        Assert.Equal(isAllowed ? VerdictKind.Ok : VerdictKind.Unavailable, verdict.Kind);
        Assert.Equal(isAllowed, server.Received.Contains("AUTH"));
        Assert.Equal(isAllowed, log.Lines.Any(l => l.Contains("without TLS")));
    }

    [Theory]
    [InlineData("250 ok", 250, false, "ok")]
    [InlineData("250-ok", 250, true, "ok")]
    [InlineData("250", 250, false, "")]
    [InlineData("250 ", 250, false, "")]
    public void Reply_lines(string line, int code, bool more, string text) => Assert.Equal((code, more, text), SmtpReply.ReadLine(line));

    [Theory]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("2x0 ok")]
    [InlineData("650 ok")]
    [InlineData("150 ok")]
    [InlineData("250:ok")]
    [InlineData(" 250 ok")]
    public void What_is_no_reply_line(string line) => Assert.Null(SmtpReply.ReadLine(line));
}
