using Sasl.Credentials.Tests.Remote.Peers;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Imap;

/// <summary>IMAP servers that are broken or mean harm, and whoever sits in the middle.</summary>
public sealed class ImapHostileTests : IDisposable
{
    const string Short = "rimap_timeout: 1s\n";

    readonly TemporaryDirectory _directory = new();

    public ImapHostileTests() => File.WriteAllText(_directory["ca.pem"], Authority.Ours.Pem);

    string Trust => $"rimap_ca_file: {_directory["ca.pem"]}\nremote_ca_file: {_directory["ca.pem"]}\n";

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("\u0001\u0002\u00ff garbage\r\n")]
    [InlineData("* OK hi\0\r\n")]
    [InlineData("* OKAY\r\n")]
    [InlineData("* PREAUTH you are in\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("saslauthd OK\r\n")]
    public async Task Garbage_is_no_greeting(string greeting)
    {
        await using var server = FakeServer.Saying(greeting, "saslauthd OK\r\n");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim"));
    }

    [Theory]
    [InlineData("garbage\r\n")]
    [InlineData("\r\n")]
    [InlineData("* OK\0\r\n")]
    [InlineData("saslauthd\r\n")]
    public async Task Garbage_is_no_answer(string answer)
    {
        await using var server = FakeServer.Saying("* OK hi\r\n", answer, "saslauthd OK\r\n");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task Attack_an_endless_line_ends_when_it_is_too_long()
    {
        await using var server = new FakeServer(async client =>
        {
            await client.SendAsync("* OK ");
            while (true)
                await client.SendAsync(new string('x', 65536));
        });
        var verdict = await Asking.Make("rimap", $"127.0.0.1/{server.Port}", Short).AskAsync("bob", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
    }

    [Fact]
    public async Task Attack_endless_untagged_lines_end_when_they_are_too_many()
    {
        await using var server = new FakeServer(async client =>
        {
            await client.SendAsync("* OK hi\r\n");
            while (true)
                await client.SendAsync("* OK still here\r\n");
        });
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* OK hi\r\n")]
    public async Task A_server_that_never_answers_is_waited_for_until_the_time_is_over(string greeting)
    {
        var never = new TaskCompletionSource();
        await using var server = new FakeServer(async client =>
        {
            await client.SendAsync(greeting);
            await never.Task;
        });
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Synchronizing), await Asking.Make("rimap", $"127.0.0.1/{server.Port}", Short).AskAsync("bob", "geheim"));
        never.SetResult();
    }

    [Fact]
    public async Task A_server_that_drips_is_waited_for_no_longer()
    {
        var over = new CancellationTokenSource();
        await using var server = new FakeServer(async client =>
        {
            await client.SendAsync("* OK hi\r\n");
            while (!over.IsCancellationRequested)
            {
                await client.SendAsync("* OK still here\r\n");
                await Task.Delay(100);
            }
        });
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Synchronizing), await Asking.Make("rimap", $"127.0.0.1/{server.Port}", Short).AskAsync("bob", "geheim"));
        await over.CancelAsync();
    }

    [Fact]
    public async Task The_callers_deadline_counts()
    {
        await using var server = new FakeServer(client => client.ReadLineAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var verdict = await Asking.Make("rimap", $"127.0.0.1/{server.Port}").VerifyAsync(new("bob", "", "imap", "geheim"u8.ToArray(), null), deadline.Token);
        Assert.Equal(Verdict.TimedOut, verdict);
    }

    // The server behind is the right one; somebody in the middle puts words between its go-ahead and its handshake.
    [Theory]
    [InlineData("saslauthd1 OK begin\r\nsaslauthd2 OK\r\n* CAPABILITY IMAP4rev1\r\nsaslauthd OK come in\r\n")]
    [InlineData("saslauthd1 OK begin\r\nx")]
    public async Task Attack_STARTTLS_injection_words_behind_the_go_ahead_end_the_dialogue(string goAhead)
    {
        await using var server = new FakeServer(async client =>
        {
            await client.SayAsync("* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", goAhead);
            await client.StartTlsAsync(Authority.Ours);
            await client.ReadLineAsync();
            await client.SayAsync("* CAPABILITY IMAP4rev1\r\nsaslauthd2 OK\r\n", "saslauthd OK in\r\n");
        });
        var verdict = await Asking.Make("rimap", $"localhost/{server.Port}", $"rimap_tls: starttls\n{Trust}").AskAsync("bob", "geheim");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), verdict);
        Assert.DoesNotContain("geheim", server.Received);
    }

    [Fact]
    public async Task Attack_STARTTLS_injection_capabilities_from_before_the_handshake_are_forgotten()
    {
        // In the clear: LITERAL+ and no LOGINDISABLED. What counts is said under TLS.
        await using var server = new FakeServer(async client =>
        {
            await client.SayAsync("* OK [CAPABILITY IMAP4rev1 STARTTLS LITERAL+] hi\r\n", "* CAPABILITY IMAP4rev1 LITERAL+\r\nsaslauthd1 OK begin\r\n");
            await client.StartTlsAsync(Authority.Ours);
            await client.ReadLineAsync();
            await client.SayAsync("* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nsaslauthd2 OK\r\n");
        });
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("rimap", $"localhost/{server.Port}", $"rimap_tls: starttls\n{Trust}").AskAsync("bob", "geheim"));
        Assert.DoesNotContain("LOGIN", server.Received);
    }

    [Theory]
    [InlineData("saslauthd1 NO not here\r\n")]
    [InlineData("saslauthd1 BAD what\r\n")]
    [InlineData("+ \r\n")]
    [InlineData("saslauthd OK\r\n")]
    public async Task Attack_STARTTLS_stripping_without_TLS_that_is_demanded_no_password_is_sent(string answer)
    {
        await using var server = FakeServer.Saying("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n", answer, "saslauthd OK\r\n");
        foreach (var (mechanism, option) in new[] { ("rimap", $"127.0.0.1/{server.Port}"), ("imap", $"imap://127.0.0.1:{server.Port}?starttls=required") })
        {
            var verdict = await Asking.Make(mechanism, option, $"rimap_tls: starttls\n{Trust}").AskAsync("bob", "geheim");
            Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), verdict);
        }
        Assert.DoesNotContain("LOGIN", server.Received);
        Assert.DoesNotContain("AUTHENTICATE", server.Received);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_no_server_of_ours()
    {
        await using var server = new FakeServer(async client =>
        {
            await client.StartTlsAsync(Authority.Other);
            await client.SayAsync("* OK hi\r\n", "saslauthd OK\r\n");
        });
        var log = new ListLog();
        var verdict = await Asking.Make("rimap", $"localhost/{server.Port}", $"rimap_tls: yes\n{Trust}", log).AskAsync("bob", "geheim");
        Assert.StartsWith($"{Asking.NoContact}: TLS: ", verdict.Reason);
        Assert.Contains(log.Lines, l => l.Contains("auth_rimap: TLS with localhost/"));
        Assert.Equal("", server.Received);
    }

    [Theory]
    [InlineData("saslauthd OK\r\n")]
    [InlineData("+ \r\n", "+ \r\n")]
    [InlineData("+ !!!\r\n")]
    public async Task A_server_that_says_yes_before_it_has_the_password_or_asks_twice_lies(params string[] answers)
    {
        await using var server = FakeServer.Saying(["* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n", .. answers, "saslauthd OK\r\n"]);
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("imap", $"imap://127.0.0.1:{server.Port}?starttls=no").AskAsync("bob", "geheim"));
    }

    [Fact]
    public async Task What_the_server_says_in_words_of_its_own_goes_nowhere()
    {
        await using var server = FakeServer.Saying("* OK hi\r\n", "saslauthd NO your password geheim is wrong\r\n");
        var (explanation, log) = (new Explanation(), new ListLog());
        Assert.Equal(Asking.Rejected, await Asking.Make("rimap", $"127.0.0.1/{server.Port}", log: log).AskAsync("bob", "geheim", explanation));
        Assert.DoesNotContain(explanation.Steps.Concat(log.Lines), s => s.Contains("geheim"));
    }

    [Fact]
    public async Task A_password_of_8_KiB_passes_in_both_ways()
    {
        var password = new string('p', 8192);
        await using var plain = FakeServer.Saying("* OK hi\r\n", "+ \r\n", "saslauthd OK\r\n");
        Assert.Equal(Asking.Ok, await Asking.Make("rimap", $"127.0.0.1/{plain.Port}").AskAsync("bob", password));
        Assert.Contains($"saslauthd LOGIN \"bob\" {{8192}}\r\n{password}\r\n", plain.Received);
        await using var sasl = FakeServer.Saying("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n", "+ \r\n", "saslauthd OK\r\n");
        Assert.Equal(Asking.Ok, await Asking.Make("rimap", $"127.0.0.1/{sasl.Port}").AskAsync("bob", password));
        Assert.StartsWith("saslauthd AUTHENTICATE PLAIN\r\n", sasl.Received);
    }
}
