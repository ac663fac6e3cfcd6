using MailServers.Lmtp;
using MailServers.Queue;
using MailServers.Queue.Store;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Queue;

/// <summary>The queue on a real file system of 128 kB.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    const string Envelope = "S: 220 *\nC: LHLO c\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250 *\n";

    async Task PlayAsync(string script, QueueSettings settings)
    {
        if (!Identity.IsRoot)
        {
            output.WriteLine("skipped: only root can mount a small file system");
            return;
        }
        using var directory = new TemporaryDirectory();
        await RunningPostfix.RunAsync("mount", "-t", "tmpfs", "-o", "size=128k", "none", directory.Path);
        try
        {
            using var queue = QueueDirectory.Open(directory["spool"], TimeProvider.System);
            var log = new LogLines();
            var intake = new IntakeService(queue, settings, log.Loggers, static _ => { });
            await Dialogue.PlayAsync(async (socket, stop) =>
            {
                await using var connection = new Connection(socket);
                await new LmtpServer(connection, intake, log.Named("lmtp")).RunAsync(stop);
            }, script, Pace.Whole);
            Assert.Empty(Directory.GetFiles(directory["spool/incoming"]));
        }
        finally
        {
            await RunningPostfix.RunAsync("umount", directory.Path);
        }
    }

    [Fact]
    public Task A_disk_that_fills_up_in_the_middle_of_a_text_refuses_that_mail_and_takes_the_next() => PlayAsync($"""
        {Envelope}
        C: MAIL FROM:<a@b.test>
        S: 250 *
        C: RCPT TO:<c@d.test>
        S: 250 *
        C: DATA
        S: 354 *
        C+ {string.Concat(Enumerable.Repeat(new string('x', 98) + "\\r\\n", 3000))}
        C: .
        S: 452 4.3.1 Insufficient system storage
        C: MAIL FROM:<a@b.test>
        S: 250 *
        C: RCPT TO:<c@d.test>
        S: 250 *
        C: DATA
        S: 354 *
        C: small
        C: .
        S: 250 2.0.0 Ok: queued as *
        """, new() { MessageSizeLimit = 0 });

    [Fact]
    public Task A_disk_without_room_for_one_and_a_half_of_the_largest_mails_takes_none() =>
        PlayAsync(Envelope + "C: MAIL FROM:<a@b.test>\nS: 452 4.3.1 Insufficient system storage\nC: NOOP\nS: 250 *\n", new() { MessageSizeLimit = 100_000 });

    [Fact]
    public Task A_declared_size_over_the_room_is_refused() =>
        PlayAsync(Envelope + "C: MAIL FROM:<a@b.test> SIZE=200000\nS: 452 4.3.1 Insufficient system storage\n", new() { MessageSizeLimit = 0 });

    [Fact]
    public Task Queue_minfree_is_kept() =>
        PlayAsync(Envelope + "C: MAIL FROM:<a@b.test>\nS: 452 4.3.1 Insufficient system storage\n", new() { MessageSizeLimit = 0, MinimumFree = 150_000 });
}
