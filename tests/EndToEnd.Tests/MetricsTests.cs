using Sasl.Hosting.Unix;
using Testing;

namespace EndToEnd.Tests;

public sealed class MetricsTests
{
    const string Password = "s3cret pass";

    [Fact]
    public async Task Logins_and_a_mail_are_counted_by_every_process_on_their_way()
    {
        await using var house = new TestHouse();
        await house.AddUserAsync("demo", Password);
        await house.StartAsync();
        await SendAsync(house, Password);
        await SendAsync(house, "wrong");
        await Run.Async("curl", "-s", "-k", "-u", $"demo:{Password}", $"imaps://127.0.0.1:{house.Imaps}/");

        string[] expected =
        [
            "mail_auth_exchanges_total{process=\"auth-smtpd\",mechanism=\"PLAIN\",outcome=\"success\"} 1",
            "mail_auth_exchanges_total{process=\"auth-smtpd\",mechanism=\"PLAIN\",outcome=\"bad_credentials\"} 1",
            "mail_auth_exchanges_total{process=\"auth\",mechanism=\"PLAIN\",outcome=\"success\"} 1",
            "mail_saslauthd_requests_total{process=\"saslauthd\",mechanism=\"sasldb\",outcome=\"ok\"} 2",
            "mail_saslauthd_requests_total{process=\"saslauthd\",mechanism=\"sasldb\",outcome=\"refused\"} 1",
            $"mail_smtp_messages_total{{process=\"smtpd-{house.Submission}\",outcome=\"accepted\"}} 1",
            $"mail_connections_total{{process=\"smtpd-{house.Submission}\",outcome=\"accepted\"}} 2",
            "mail_queue_deliveries_total{process=\"queue\",outcome=\"sent\"} 1",
            "mail_queue_messages{process=\"queue\"} 0",
            "mail_login_sessions_total{process=\"imap-login\",outcome=\"logged_in\"} 1",
            "mail_supervisor_streams_total{process=\"mailsupervisor\",protocol=\"lmtp\",outcome=\"ok\"} 1",
            "mail_supervisor_streams_total{process=\"mailsupervisor\",protocol=\"imap\",outcome=\"ok\"} 1",
            "mail_supervisor_workers{process=\"mailsupervisor\"} 1",
        ];
        var text = "";
        try
        {
            await Eventually.TrueAsync(async () => expected.All((text = await MetricsAsync(house)).Split('\n').Contains), "every count", TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"missing:\n{string.Join('\n', expected.Except(text.Split('\n')))}\nin:\n{text}\n{house.Log}");
        }
        Assert.DoesNotContain("demo", text);

        // A reader that was not written by us.
        const string Parser = "import sys; from prometheus_client.parser import text_string_to_metric_families as p; print(sum(len(f.samples) for f in p(sys.stdin.read())))";
        var parsed = await Run.WithInputAsync(text, "/usr/bin/python3", "-c", Parser);
        Assert.True(parsed.Status == 0, parsed.All);
        Assert.Equal(text.Split('\n').Count(l => l.Length > 0 && l[0] != '#'), int.Parse(parsed.Output));
    }

    [Fact]
    public async Task Only_the_houses_own_user_may_connect_and_a_process_that_hangs_is_named()
    {
        await using var house = new TestHouse();
        await house.StartAsync();
        foreach (var socket in Directory.GetFileSystemEntries(house["base/metrics"]).Append(house["saslauthd/metrics"]))
        {
            Assert.Equal(0x180u, Files.Status(socket)!.Value.Permissions);
            Assert.Equal(Identity.EffectiveUid, Files.Status(socket)!.Value.Uid);
        }
        var queue = Assert.Single(house.Children(), c => c.CommandLine.Contains("mailservers queue")).Pid;
        TestHouse.Signal(queue, "STOP");
        try
        {
            var ran = await Run.Async(Binaries.Path("mailctl"), "metrics", "-c", house["etc"], "-m", house["saslauthd"]);
            Assert.Equal(1, ran.Status);
            Assert.Equal("metrics: warning: queue: no answer in 5 s\n", ran.Error);
            Assert.Contains("mail_process_up{process=\"queue\"} 0\n", ran.Output);
            Assert.Contains("mail_process_up{process=\"imap-login\"} 1\n", ran.Output);
        }
        finally
        {
            TestHouse.Signal(queue, "CONT");
        }
    }

    static Task<string> MetricsAsync(TestHouse house) => Run.OkAsync(Binaries.Path("mailctl"), "metrics", "-c", house["etc"], "-m", house["saslauthd"]);

    static Task<Ran> SendAsync(TestHouse house, string password) => Run.Async("swaks", "--server", $"127.0.0.1:{house.Submission}", "--tls", "--auth", "PLAIN",
        "--auth-user", "demo", "--auth-password", password, "--from", "demo@test.example", "--to", "demo@test.example");
}
