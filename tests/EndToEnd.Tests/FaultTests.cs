using System.Net.Sockets;
using System.Text;
using FirstMail;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Testing;

namespace EndToEnd.Tests;

/// <summary>What goes wrong in a real house: silent clients, processes that die, reloads under load, an end in the middle of work.</summary>
public sealed class FaultTests
{
    static async Task<TestHouse> StartAsync(Action<TestHouse>? configure = null)
    {
        var house = new TestHouse();
        configure?.Invoke(house);
        await house.AddUserAsync("demo", "s3cret pass");
        await house.StartAsync();
        return house;
    }

    static async Task SubmitAsync(TestHouse house, string subject)
    {
        using var smtp = new SmtpClient { ServerCertificateValidationCallback = Pinned.To(house["etc/mail.pem"]), CheckCertificateRevocation = false };
        await smtp.ConnectAsync("127.0.0.1", house.Submission, SecureSocketOptions.StartTls);
        await smtp.AuthenticateAsync("demo", "s3cret pass");
        await smtp.SendAsync(new MimeMessage([new MailboxAddress("", "demo@test.example")], [new MailboxAddress("", "demo@test.example")], subject, new TextPart("plain") { Text = "text" }));
        await smtp.DisconnectAsync(true);
    }

    static string[] Subjects(TestHouse house) =>
    [
        .. new[] { "new", "cur" }.Select(d => house[$"mail/demo/Maildir/{d}"]).Where(Directory.Exists).SelectMany(Directory.GetFiles)
            .Select(f => File.ReadLines(f).First(l => l.StartsWith("Subject: ", StringComparison.Ordinal))[9..]),
    ];

    [Fact]
    public async Task A_hundred_silent_connections_to_each_port_hold_up_nobody()
    {
        await using var house = await StartAsync(h => h.Configure("main.cf", "myhostname =", "smtpd_client_connection_count_limit = 200\nmyhostname ="));
        var silent = new List<TcpClient>();
        try
        {
            foreach (var port in new[] { house.Smtp, house.Submission, house.Submissions, house.Imap, house.Imaps, house.Pop3, house.Pop3s })
            {
                for (var i = 0; i < 100; i++)
                    silent.Add(new TcpClient("127.0.0.1", port));
            }
            for (var i = 0; i < 100; i++)
                silent.Add(await MuxAsync(house));
            await SubmitAsync(house, "in spite of them");
            await Eventually.TrueAsync(() => Subjects(house).Length == 1, "the mail", TestHouse.Patience, () => house.Log);
            Assert.Contains("a OK", await TestHouse.SayAsync(house.Imap, "a NOOP", "b LOGOUT"));
            Assert.Contains("+OK", await TestHouse.SayAsync(house.Pop3, "QUIT"));
        }
        finally
        {
            silent.ForEach(s => s.Dispose());
        }
        Assert.DoesNotContain("Critical", house.Log);
    }

    [Fact]
    public async Task More_virtual_users_of_one_uid_than_it_has_inotify_instances_have_their_mail_open_at_once()
    {
        await using var house = await StartAsync(h => h.Configure("dovecot.conf", "disable_plaintext_auth = yes", "disable_plaintext_auth = no"));
        var users = Enumerable.Range(0, 140).Select(i => $"user{i}").ToArray();
        foreach (var user in users)
            await house.AddUserAsync(user, "s3cret");
        var open = new List<TcpClient>();
        try
        {
            foreach (var user in users)
            {
                open.Add(new TcpClient("127.0.0.1", house.Imap));
                await Dialogue.PlayAsync(open[^1].GetStream(), $"""
                    S: * OK *
                    C: a LOGIN {user} s3cret
                    S: a OK *
                    C: b STATUS INBOX (MESSAGES)
                    S: * STATUS INBOX (MESSAGES 0)
                    S: b OK *
                    """, Pace.ByLine);
            }
        }
        finally
        {
            open.ForEach(o => o.Dispose());
        }
    }

    [Fact]
    public async Task Every_process_that_is_killed_comes_back_and_the_house_works()
    {
        await using var house = await StartAsync();
        await SubmitAsync(house, "before");
        await Eventually.TrueAsync(() => Subjects(house).Length == 1, "the first mail", TestHouse.Patience, () => house.Log);
        var before = house.Children();
        Assert.True(before.Count >= 9, $"only {before.Count} children");
        foreach (var child in before)
            TestHouse.Signal(child.Pid, "KILL");
        // Each but the worker, which comes when it is needed.
        await Eventually.TrueAsync(() => house.Children().Count(c => before.All(b => b.Pid != c.Pid)) >= before.Count - 1, "all of them again", TestHouse.Patience, () => house.Log);
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await SubmitAsync(house, "after");
                return true;
            }
            catch (Exception notYet) when (notYet is SmtpCommandException or SmtpProtocolException or MailKit.Security.AuthenticationException or IOException)
            {
                // 454 or a dropped connection while the auth server is coming back: what a client would try again.
                return false;
            }
        }, "a mail is accepted", TestHouse.Patience, () => house.Log);
        await Eventually.TrueAsync(() => Subjects(house).Contains("after"), "the second mail", TestHouse.Patience, () => house.Log);
    }

    [Fact]
    public async Task No_mail_that_was_acknowledged_is_lost_when_queue_and_worker_are_killed_again_and_again()
    {
        await using var house = await StartAsync();
        var accepted = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            try
            {
                await house.SendAsync("demo@test.example", $"mail {i}");
                accepted.Add($"mail {i}");
            }
            catch (Exception notAccepted) when (notAccepted is Xunit.Sdk.XunitException or IOException or SocketException or TimeoutException)
            {
                // It was told that it was not accepted, or not told at all: then it is the sender's still.
            }
            if (i % 10 == 9)
            {
                foreach (var child in house.Children().Where(c => c.CommandLine.Contains(" queue ") || c.CommandLine.Contains(" worker ")))
                    TestHouse.Signal(child.Pid, "KILL");
            }
        }
        Assert.NotEmpty(accepted);
        await Eventually.TrueAsync(() => accepted.Except(Subjects(house)).ToArray() is [], "every accepted mail", TimeSpan.FromMinutes(3),
            () => $"missing: {string.Join(", ", accepted.Except(Subjects(house)))}\n{house.Log}");
        Assert.Empty(Directory.GetFiles(house["mail/demo/Maildir/cur"]).Where(f => new FileInfo(f).Length == 0));
    }

    [Fact]
    public async Task No_child_outlives_a_supervisor_that_was_killed_and_the_next_one_takes_over()
    {
        await using var house = await StartAsync();
        await SubmitAsync(house, "first");
        var children = house.Children();
        TestHouse.Signal(house.SupervisorPid, "KILL");
        await Eventually.TrueAsync(() => children.All(c => !Directory.Exists($"/proc/{c.Pid}")), "all children gone", TestHouse.Patience,
            () => string.Join("\n", children.Where(c => Directory.Exists($"/proc/{c.Pid}"))));
        await house.StartSupervisorAsync();
        await SubmitAsync(house, "second");
        await Eventually.TrueAsync(() => Subjects(house).Order().SequenceEqual(["first", "second"]), "both mails", TestHouse.Patience, () => house.Log);
    }

    [Fact]
    public async Task A_reload_takes_the_new_configuration_and_refuses_no_connection()
    {
        await using var house = await StartAsync();
        using var stop = new CancellationTokenSource();
        var refused = new List<string>();
        var load = Task.Run(async () =>
        {
            var count = 0;
            while (!stop.IsCancellationRequested)
            {
                if (!(await TestHouse.SayAsync(house.Smtp, "HELO x", "QUIT")).Contains("221 2.0.0 Bye"))
                    refused.Add("smtp");
                if (!(await TestHouse.SayAsync(house.Imap, "a NOOP", "b LOGOUT")).Contains("a OK"))
                    refused.Add("imap");
                count++;
            }
            return count;
        });
        foreach (var banner in new[] { "one", "two", "three" })
        {
            house.Append("main.cf", $"smtpd_banner = $myhostname ESMTP {banner}");
            house.Reload();
            await Eventually.TrueAsync(async () => (await TestHouse.SayAsync(house.Smtp, "QUIT")).StartsWith($"220 mail.test.example ESMTP {banner}\r\n", StringComparison.Ordinal),
                $"banner {banner}", TestHouse.Patience, () => house.Log);
        }
        await stop.CancelAsync();
        Assert.True(await load > 0);
        Assert.Empty(refused);
    }

    [Fact]
    public async Task A_reload_with_an_error_changes_nothing_and_says_where()
    {
        await using var house = await StartAsync();
        house.Append("main.cf", "smtpd_baner = oops");
        house.Reload();
        await Eventually.TrueAsync(() => house.Log.Contains("unknown parameter: smtpd_baner (did you mean \"smtpd_banner\"?)"), "the reason in the log", TestHouse.Patience, () => house.Log);
        await SubmitAsync(house, "still works");
        await Eventually.TrueAsync(() => Subjects(house).Length == 1, "the mail", TestHouse.Patience, () => house.Log);
    }

    [Fact]
    public async Task The_end_tells_open_sessions_and_leaves_nobody_behind()
    {
        await using var house = await StartAsync(h => h.Configure("dovecot.conf", "disable_plaintext_auth = yes", "disable_plaintext_auth = no"));
        using var imap = new TcpClient("127.0.0.1", house.Imap);
        using var smtp = new TcpClient("127.0.0.1", house.Smtp);
        await Dialogue.PlayAsync(imap.GetStream(), """
            S: * OK *
            C: a LOGIN demo "s3cret pass"
            S: a OK *
            """, Pace.ByLine);
        await Dialogue.PlayAsync(smtp.GetStream(), """
            S: 220 *
            C: HELO x
            S: 250 *
            """, Pace.ByLine);
        var children = house.Children();
        Assert.Equal(0, await house.StopSupervisorAsync());
        Assert.StartsWith("* BYE ", await RestAsync(imap));
        Assert.StartsWith("421 4.3.2 ", await RestAsync(smtp));
        Assert.All(children, c => Assert.False(Directory.Exists($"/proc/{c.Pid}"), c.CommandLine));
        Assert.Empty(Directory.GetFiles(house["base"], "*", SearchOption.AllDirectories));
    }

    static async Task<string> RestAsync(TcpClient client) =>
        await new StreamReader(client.GetStream(), Encoding.ASCII).ReadToEndAsync().WaitAsync(TestHouse.Patience);

    static async Task<TcpClient> MuxAsync(TestHouse house)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(house["saslauthd/mux"]));
        return new TcpClient { Client = socket };
    }
}
