using System.Net.Sockets;
using MailServers.Lmtp;
using MailServers.Tests.Queue;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace MailServers.Tests.Lmtp;

public sealed class RelayServiceTests
{
    [Fact]
    public async Task Known_users_are_taken_for_the_queue_and_others_refused()
    {
        await using var house = new House();
        house.AddUser("alice");
        house.AddUser("bob@virtual.test");
        using var listener = UnixSockets.Listen(house.Directory["queue.sock"], 0x180);
        using var stop = new CancellationTokenSource();
        var accepting = new Acceptor(listener, 100, house.Server.ServeAsync).RunAsync(stop.Token);
        var service = new RelayService((user, _) => Task.FromResult(new UserdbAnswer(user switch
        {
            "alice@example.org" or "bob@virtual.test" => UserdbStatus.Found,
            "broken@example.org" => UserdbStatus.Unavailable,
            _ => UserdbStatus.NotFound,
        }, user, [], null)), house.Directory["queue.sock"], "mx.example.org", "+", 1000000, house.Log.Named("lmtp"));
        await Dialogue.PlayAsync(async (socket, token) =>
        {
            await using var connection = new Connection(socket);
            await new LmtpServer(connection, service, house.Log.Named("lmtp")).RunAsync(token);
        }, """
            S: 220 mx.example.org LMTP
            C: LHLO x
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250-*
            S: 250 SIZE *
            C: MAIL FROM:<s@example.net>
            S: 250 2.1.0 Ok
            C: RCPT TO:<alice+x@example.org>
            S: 250 2.1.5 OK
            C: RCPT TO:<nobody@example.org>
            S: 550 5.1.1 <nobody@example.org> User doesn't exist: nobody@example.org
            C: RCPT TO:<broken@example.org>
            S: 451 4.3.0 <broken@example.org> Temporary internal error
            C: RCPT TO:<bob@virtual.test> XMAILBOX
            S: 555 5.5.4 Unsupported option
            C: RCPT TO:<bob@virtual.test>
            S: 250 2.1.5 OK
            C: DATA
            S: 354 *
            C: Subject: x
            C:
            C: ..
            C: .
            S: 250 2.0.0 <alice+x@example.org> Ok: queued as *
            S: 250 2.0.0 <bob@virtual.test> Ok: queued as *
            C: QUIT
            S: 221 *
            """, Pace.Whole);
        await house.EmptyAsync();
        Assert.Contains("Received: from x\n\tby mx.example.org with LMTP; ", Assert.Single(house.MailOf("alice")).ReplaceLineEndings("\n"));
        Assert.Single(house.MailOf("bob@virtual.test"));
        await stop.CancelAsync();
        await accepting;
    }
}
