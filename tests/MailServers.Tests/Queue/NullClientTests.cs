using System.Net;
using System.Net.Sockets;
using MailServers.Queue;
using MailServers.Queue.Store;
using MailServers.Smtp;
using MailServers.Tests.Smtp;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Queue;

/// <summary>The walkthrough's null client (D1): its main.cf, word by word, our smtpd and queue, and a real Postfix as the relay.</summary>
public sealed class NullClientTests(ITestOutputHelper output)
{
    static string MainCf(int port) => $"""
        myhostname = client.example.com
        relayhost = [127.0.0.1]:{port}
        inet_interfaces = loopback-only
        mynetworks = 127.0.0.0/8 [::1]/128
        myorigin = example.com
        mydestination =
        local_transport = error: local delivery disabled
        alias_maps =
        """;

    [Fact]
    public async Task Everything_goes_to_the_relay_and_nothing_is_taken_from_outside_or_kept()
    {
        if (RunningPostfix.Missing is { } reason)
        {
            output.WriteLine($"skipped: {reason}");
            return;
        }
        using var directory = new TemporaryDirectory();
        using var arrived = new QueueStub(directory["arrived"]);
        File.SetUnixFileMode(directory["arrived"], (UnixFileMode)0b110_110_110);
        var port = RunningPostfix.FreePort();
        await using var relay = await RunningPostfix.StartAsync(directory,
            $"myhostname = mail.example.com\nmynetworks = 127.0.0.0/8\nmydestination = example.com\nlocal_recipient_maps =\nlocal_transport = lmtp:unix:{directory["arrived"]}\ndefault_transport = lmtp:unix:{directory["arrived"]}\n", $"127.0.0.1:{port}");

        var system = SystemInfo.Current();
        var main = Sasl.Hosting.Configuration.MainCf.Create(PostfixFile.Parse("main.cf", MainCf(port), []).ToDictionary(e => e.Name, e => e.Value), system);
        var (log, settings) = (new LogLines(), QueueConfiguration.From(main, system, new Dictionary<string, string>()));
        using var store = QueueDirectory.Open(directory["queue"], TimeProvider.System);
        var queue = new QueueServer(store, settings, new NoDns(), (_, _) => throw new InvalidOperationException("there is no local delivery"), log.Loggers, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var door = UnixSockets.Listen(directory["queue.sock"], 0x180);
        var taking = new Acceptor(door, 10, queue.ServeAsync).RunAsync(stop.Token);
        var scheduling = queue.Scheduler.RunAsync(TimeSpan.FromSeconds(5), stop.Token);
        var smtpd = new SmtpServer(SmtpSettings.From(main, system), new(directory["queue.sock"], "client.example.com", TimeSpan.FromSeconds(20)), new DomainStub(), new CapturedLog(), TimeProvider.System);

        // A local program writes to a local name, to the domain and to somebody far away.
        await SubmitAsync(new("localhost", IPAddress.Loopback, 0, LocalUid: 0), smtpd, "<root>", ["<root>", "<user1@client.example.com>", "<far@away.test>"]);
        await Eventually.TrueAsync(() => arrived.Mails.SelectMany(m => m.Recipients).Count() == 3, $"the relay has it\n{log}", TimeSpan.FromSeconds(60));
        Assert.Equal(["<far@away.test>", "<root@example.com>", "<user1@client.example.com>"], arrived.Mails.SelectMany(m => m.Recipients).Order(StringComparer.Ordinal));
        Assert.All(arrived.Mails, m => Assert.StartsWith("MAIL FROM:<root@example.com>", m.Mail));
        await Eventually.TrueAsync(() => !store.Scan().Any() && queue.Scheduler.ActiveCount == 0, "nothing is kept");

        // Somebody from outside, should he get through to us at all.
        await Dialogue.PlayAsync(ServeAsync(new("unknown", IPAddress.Parse("192.0.2.7"), 4711), smtpd), """
            S: 220 *
            C: HELO c
            S: 250 *
            C: MAIL FROM:<a@b.test>
            S: 250 *
            C: RCPT TO:<root@example.com>
            S: 454 4.7.1 <root@example.com>: Relay access denied
            C: RCPT TO:<root>
            S: 454 4.7.1 <root>: Relay access denied
            C: QUIT
            S: 221 *
            """);
        await stop.CancelAsync();
        door.Dispose();
        await Task.WhenAll(taking, scheduling);
    }

    static Func<Socket, CancellationToken, Task> ServeAsync(ClientIdentity client, SmtpServer smtpd) => async (socket, stop) =>
    {
        await using var connection = new Connection(socket);
        await new SmtpSession(smtpd, connection, client).RunAsync(stop);
    };

    static Task SubmitAsync(ClientIdentity client, SmtpServer smtpd, string sender, string[] recipients) => Dialogue.PlayAsync(ServeAsync(client, smtpd),
        $"S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:{sender}\nS: 250 *\n{string.Concat(recipients.Select(r => $"C: RCPT TO:{r}\nS: 250 *\n"))}C: DATA\nS: 354 *\nC: Subject: x\nC: \nC: x\nC: .\nS: 250 *\nC: QUIT\nS: 221 *\n", Pace.Whole);

    /// <summary>A relay host in brackets needs no DNS, and nothing else is looked up.</summary>
    sealed class NoDns : MailServers.Queue.Routing.IMailDns
    {
        public ValueTask<(MailServers.Queue.Routing.DnsStatus Status, IReadOnlyList<MailServers.Queue.Routing.MailExchanger> Records)> ExchangersAsync(string domain, CancellationToken stop) =>
            throw new InvalidOperationException(domain);

        public ValueTask<(MailServers.Queue.Routing.DnsStatus Status, IReadOnlyList<IPAddress> Addresses)> AddressesAsync(string host, CancellationToken stop) =>
            throw new InvalidOperationException(host);
    }
}
