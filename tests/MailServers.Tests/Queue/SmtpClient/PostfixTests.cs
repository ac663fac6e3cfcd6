using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MailServers.Queue.SmtpClient;
using Testing;

namespace MailServers.Tests.Queue.SmtpClient;

/// <summary>Our client against Debian's Postfix: its own master, configuration, queue and port; mail ends in an mbox-less discard or comes back by rule.</summary>
public sealed class PostfixTests
{
    [Fact]
    public async Task A_real_Postfix_takes_mail_over_STARTTLS_and_its_refusals_are_understood()
    {
        if (!File.Exists("/usr/sbin/postfix") || !Sasl.Hosting.Unix.Identity.IsRoot)
        {
            Console.WriteLine("skipped: needs Debian's postfix and root");
            return;
        }
        using var directory = new TemporaryDirectory();
        var port = FreePort();
        File.SetUnixFileMode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead | UnixFileMode.GroupExecute | UnixFileMode.GroupRead);
        await RunAsync("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=peer.test", "-keyout", directory["key.pem"], "-out", directory["cert.pem"], "-days", "2");
        Directory.CreateDirectory(directory["conf"]);
        Directory.CreateDirectory(directory["spool"]);
        Directory.CreateDirectory(directory["data"]);
        await RunAsync("chown", "postfix", directory["data"]);
        File.WriteAllText(directory["conf/main.cf"], $"""
            compatibility_level = 3.6
            myhostname = peer.test
            mydestination = peer.test
            queue_directory = {directory["spool"]}
            data_directory = {directory["data"]}
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 192.0.2.0/24
            maillog_file = {directory["log"]}
            maillog_file_prefixes = {directory.Path}
            local_recipient_maps = inline:{"{"} {"{"} r = x {"}"} {"}"}
            local_transport = discard:
            alias_maps =
            smtpd_tls_cert_file = {directory["cert.pem"]}
            smtpd_tls_key_file = {directory["key.pem"]}
            smtpd_tls_security_level = encrypt
            smtpd_relay_restrictions = reject_unauth_destination

            """);
        File.WriteAllText(directory["conf/master.cf"], $"""
            127.0.0.1:{port} inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            tlsmgr unix - - n 1000? 1 tlsmgr
            proxymap unix - - n - - proxymap
            anvil unix - - n - 1 anvil
            discard unix - - n - - discard
            postlog unix-dgram n - n - 1 postlogd

            """);
        await RunAsync("postfix", "-c", directory["conf"], "start");
        try
        {
            await using var house = new House(s => s with
            {
                Routing = s.Routing with { RelayHost = $"[127.0.0.1]:{port}" },
                Smtp = s.Smtp with { HeloName = "mx.example.org", Tls = TlsLevel.Encrypt },
            });
            var id = await house.SubmitAsync("", "r@peer.test unknown@peer.test r@elsewhere.test", "Subject: x\n\n.dot\n..\n");
            await house.LoggedAsync($"smtp: {id}: to=<r@peer.test>, relay=127.0.0.1[127.0.0.1]:{port}, *dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as *)");
            Assert.True(house.Log.Has($"smtp: {id}: to=<unknown@peer.test>, *dsn=5.1.1, status=bounced (host 127.0.0.1[127.0.0.1] said: 550 5.1.1 <unknown@peer.test>: Recipient address rejected: User unknown in local recipient table (in reply to RCPT TO command))"), house.Log.ToString());
            Assert.True(house.Log.Has($"smtp: {id}: to=<r@elsewhere.test>, *dsn=5.7.1, status=bounced (host * said: 554 5.7.1 <r@elsewhere.test>: Relay access denied (in reply to RCPT TO command))"), house.Log.ToString());
            Assert.True(house.Log.Has("smtp: Untrusted TLS connection established to 127.0.0.1[127.0.0.1]:*: Tls13 with cipher *"), house.Log.ToString());
            await Eventually.TrueAsync(() => File.Exists(directory["log"]) && File.ReadAllText(directory["log"]).Contains("status=sent (peer.test)"), "Postfix has delivered");
        }
        finally
        {
            await RunAsync("postfix", "-c", directory["conf"], "abort");
        }
    }

    static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}");
    }
}
