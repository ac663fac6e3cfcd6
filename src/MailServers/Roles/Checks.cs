using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DnsClient;
using MailStore;
using Sasl.Hosting.Daemon;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;

namespace MailServers.Roles;

/// <summary>--self-test: that the program as published has its roles, TLS, the store and DNS.</summary>
static class Checks
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    public static int Run() => SelfTest.Run("mailservers",
        ("roles", () => SelfTest.Expect(RoleTable.Find("smtpd") is { DenyExec: true } && RoleTable.Find("worker") is { DenyExec: false }, "a role is missing or has other rights")),
        ("tls", () => HandshakeAsync().GetAwaiter().GetResult()),
        ("store", () => DeliverAsync().GetAwaiter().GetResult()),
        ("dns client", () => SelfTest.Expect(new LookupClient(new LookupClientOptions(System.Net.IPAddress.Loopback)).NameServers.Count == 1, "no name server")));

    static async Task HandshakeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddMinutes(-1), now.AddHours(1));
        var pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
        var (ours, theirs) = Descriptors.Pair(SocketType.Stream);
        await using var server = new SslStream(new NetworkStream(ours, ownsSocket: true));
        await using var client = new SslStream(new NetworkStream(theirs, ownsSocket: true), false, (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
        await Task.WhenAll(server.AuthenticateAsServerAsync(ServerTls.FromPem(pem, pem)), client.AuthenticateAsClientAsync("localhost")).WaitAsync(_patience);
        // Without it mechanisms with a channel binding work with some clients only.
        SelfTest.Expect(TlsExporter.Export(server) is { } exported && exported.AsSpan().SequenceEqual(TlsExporter.Export(client)), "no exporter of keying material");
        SelfTest.Expect(client.SslProtocol is SslProtocols.Tls12 or SslProtocols.Tls13, $"{client.SslProtocol} was negotiated");
    }

    static async Task DeliverAsync()
    {
        var home = Directory.CreateTempSubdirectory("mailservers-").FullName;
        try
        {
            using var store = Stores.Open(MailLocation.Parse("maildir:~/Maildir", "user", home));
            using (var writer = store.Append("INBOX", MessageFlags.Seen, new HashSet<string>(), null) ?? throw new InvalidOperationException("no INBOX"))
            {
                await writer.WriteAsync(Encoding.ASCII.GetBytes("Subject: x\r\n\r\ntext\r\n"), default);
                await writer.CommitAsync(default);
            }
            SelfTest.Expect(store.Status("INBOX") is { Messages: 1, Unseen: 0 }, "a message is not found again");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
