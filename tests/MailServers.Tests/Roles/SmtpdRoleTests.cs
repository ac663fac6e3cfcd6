using System.Net;
using System.Net.Sockets;
using MailServers.Roles;
using MailServers.Tests.Smtp;
using Sasl.Hosting.Logging;
using Sasl.Hosting.Unix;
using Sasl.Protocols.Supervision;
using Testing;

namespace MailServers.Tests.Roles;

public class SmtpdRoleTests
{
    /// <summary>Plays the supervisor: configuration, listeners, start.</summary>
    static async Task<(Task Running, SupervisionChannel Channel)> StartAsync(TemporaryDirectory directory, string mainCf, params (Socket Socket, string[] Options)[] listeners)
    {
        using var door = UnixSockets.Listen(directory["channel"], 0x180, type: SocketType.Seqpacket);
        var connecting = SupervisedChild.ConnectAsync(new ChildArguments("smtpd", directory["channel"], LogTarget.StandardError, null, null, []));
        var channel = new SupervisionChannel(await door.AcceptAsync());
        await channel.SendConfigAsync("main.cf", mainCf);
        await channel.SendConfigAsync("path:queue", directory["queue"]);
        await channel.SendConfigAsync("path:auth-client", directory["auth"]);
        await channel.SendConfigAsync("path:auth-userdb", directory["userdb"]);
        foreach (var (socket, options) in listeners)
            await channel.SendAsync([Verb.Listener, .. options], socket.SafeHandle);
        await channel.SendAsync([Verb.Start]);
        return (SmtpdRole.RunAsync(await connecting, LogTarget.StandardError), channel);
    }

    static Socket Loopback()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(16);
        return socket;
    }

    [Fact]
    public async Task Serves_the_network_and_the_local_socket_until_drained()
    {
        using var directory = new TemporaryDirectory();
        using var queue = new QueueStub(directory["queue"]);
        using var auth = new AuthStub(directory["auth"]);
        using var userdb = new UserdbStub(directory["userdb"], "user1");
        using var network = Loopback();
        using var local = UnixSockets.Listen(directory["sendmail"], 0x1B6);
        var (running, channel) = await StartAsync(directory, "myhostname=mail.example.com\nmydomain=example.com\nmyorigin=$mydomain\nmydestination=$mydomain\nmynetworks=\n"
            + "smtpd_sasl_auth_enable=yes\nsmtpd_recipient_restrictions=permit_sasl_authenticated, reject_unauth_destination\nalias_maps=\n",
            (network, ["smtp"]), (local, ["sendmail", "local=yes"]));
        Assert.Equal([Verb.Ready], (await channel.ReceiveAsync())!.Value.Fields);
        await using (var client = await SmtpTestClient.ConnectAsync(((IPEndPoint)network.LocalEndPoint!).Port))
        {
            await client.PlayAsync("""
                C: HELO c
                S: 250 mail.example.com
                C: MAIL FROM:<user1@example.com>
                S: 250 *
                C: RCPT TO:<nobody@example.com>
                S: 550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in local recipient table
                C: RCPT TO:<far@away.test>
                S: 454 4.7.1 <far@away.test>: Relay access denied
                C: RSET
                S: 250 *
                C: AUTH PLAIN AHVzZXIxAHNlY3JldA==
                S: 235 *
                C: MAIL FROM:<user1>
                S: 250 *
                C: RCPT TO:<far@away.test>
                S: 250 *
                C: DATA
                S: 354 *
                C: .
                S: 250 2.0.0 Ok: queued as Q1
                C: QUIT
                S: 221 *
                """);
        }
        using (var client = await UnixSockets.ConnectAsync(directory["sendmail"], CancellationToken.None))
        {
            using var stream = new NetworkStream(client);
            await Dialogue.PlayAsync(stream, "S: 220 *\nC: HELO c\nS: 250 *\nC: MAIL FROM:<root>\nS: 250 *\nC: RCPT TO:<far@away.test>\nS: 250 *\nC: DATA\nS: 354 *\nC: .\nS: 250 *\nC: QUIT\nS: 221 *\n", Pace.Whole);
        }
        Assert.Equal("MAIL FROM:<root@example.com>", queue.Mails.Last().Mail);
        await channel.SendAsync([Verb.Drain]);
        await running.WaitAsync(TimeSpan.FromSeconds(20));
        channel.Dispose();
    }

    [Fact]
    public async Task The_start_is_refused_when_nothing_guards_the_relay()
    {
        using var directory = new TemporaryDirectory();
        var (running, channel) = await StartAsync(directory, "smtpd_relay_restrictions=permit_mynetworks\nsmtpd_recipient_restrictions=permit\n");
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => running);
        Assert.StartsWith("in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: ", failure.Message);
        channel.Dispose();
    }
}
