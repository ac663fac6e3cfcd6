using System.Globalization;
using System.Net.Sockets;
using AuthServer.Composition;
using AuthServer.Master;
using AuthServer.Tests;
using Sasl.Hosting.Configuration;
using Sasl.Hosting.Unix;
using Sasl.Protocols.DovecotAuth;

namespace Fuzz;

/// <summary>
/// Whole connections to each kind of the auth server's sockets. Every line of an answer is one of the protocol's, answers something that was asked, and can
/// be held by the narrowest reader; nobody logs in without the password, and a stranger on an open userdb socket learns nothing.
/// </summary>
static class AuthSessionTarget
{
    public static readonly string[] ClientSeeds =
    [
        "VERSION\t1\t2\nCPID\t7\nAUTH\t1\tPLAIN\tservice=smtp\tresp=AGFsaWNlAHdvbmRlcmxhbmQ=\nAUTH\t2\tPLAIN\tservice=smtp\tnologin\tresp=AGFsaWNlAHdyb25n\n",
        "VERSION\t1\t0\nCPID\t7\nAUTH\t1\tLOGIN\tservice=smtp\tresp=\nCONT\t1\tYWxpY2U=\nCONT\t1\td29uZGVybGFuZA==\nAUTH\t2\tCRAM-MD5\tservice=x\nCONT\t2\t!\nCANCEL\t2\n",
        "VERSION\t1\t4\nCPID\t1\nAUTH\t1\tSCRAM-SHA-256-PLUS\tservice=imap\tsecured=tls\tresp=cD10bHMtZXhwb3J0ZXIsLG49YWxpY2Uscj1hYmM=\nCONT\t1\t#\tchannel_binding=AAAA\nCONT\t1\t#\nCANCEL\t1\n",
        "VERSION\t1\t3\nCPID\t1\nAUTH\t1\tDIGEST-MD5\tprotocol=pop3\tdebug\tforward_fields=a=b\x01tc\trip=::1\tlport=x\tresp==\nAUTH\t4294967295\tX\tservice=a\n", "VERSION\t2\t0\n", "AUTH\t1\tPLAIN\tservice=x\n", "VERSION\t1\t4\nCPID\t1\nAUTH\t1\tEXTERNAL\tservice=a\tvalid-client-cert\tcert_username=alice\tresp=\nCONT\t1\t\nAUTH\t1\tANONYMOUS\tservice=a\n",
    ];

    public static readonly string[] MasterSeeds =
    [
        "VERSION\t1\t2\nUSER\t1\talice\tservice=lmtp\nPASS\t2\talice\tservice=x\nLIST\t3\tuser=a*\nREQUEST\t4\t1\t1\t00112233445566778899aabbccddeeff\nCACHE-FLUSH\t5\nCACHE-STATUS\t6\treset\n",
        "VERSION\t1\t2\nUSER\t1\ta;b\tservice=lmtp\nUSER\t2\t\tservice=\nNONSENSE\t3\n", "CPID\t1\n", "VERSION\t1\t1\nUSER\t0\tx\tservice=y\n", "VERSION\t1\t2\nUSER\t9\tali\x01nce\tprotocol=imap\trip=1.2.3.4\n",
    ];

    // The password, and its three spellings in base64.
    static readonly string[] _shown = ["wonderland", "d29uZGVybGFuZ", "dvbmRlcmxhbm", "3b25kZXJsYW5k"];

    static readonly TestServer _server = new(s => s.With(DovecotConf.AuthMechanisms, "plain login cram-md5 digest-md5 scram-sha-256-plus scram-sha-256 external")
        .With(DovecotConf.AuthVerbose, "no"));

    public static void RunLegacy(ReadOnlySpan<byte> input) => Clients(input, new(AuthListenerType.Client));

    public static void RunLogin(ReadOnlySpan<byte> input) => Clients(input, new(AuthListenerType.Login) { WaitsForClient = true });

    public static void RunMaster(ReadOnlySpan<byte> input) => Masters(input, new(true, null), "USER", "PASS", "LIST", "DONE", "OK", "FAIL", "NOTFOUND");

    public static void RunStranger(ReadOnlySpan<byte> input) => Masters(input, new(false, 4711), "NOTFOUND", "FAIL");

    static void Clients(ReadOnlySpan<byte> input, AuthListener listener)
    {
        var text = Bytes.Latin1(input);
        var greeted = false;
        var replies = 0;
        foreach (var line in Play(input, (socket, stop) => Server.ServeAsync(_server.Host, listener, socket, stop)))
        {
            var fields = line.Split('\t');
            if (!greeted)
            {
                Check.That(fields[0] is "VERSION" or "MECH" or "SPID" or "CUID" or "COOKIE" or "DONE", $"{fields[0]} in the greeting");
                greeted = fields[0] == "DONE";
                continue;
            }
            replies++;
            Check.That(fields[0] is "OK" or "FAIL" or "CONT" or "CANCELLED" && fields.Length is > 1 and <= 16, $"the reply {line}");
            Check.That(uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != 0 && text.Contains(fields[1]), "an id that nobody gave");
            Check.That(fields[0] != "CONT" || fields.Length > 2, "a CONT without data");
            Check.That(fields[0] != "OK" || (fields[2].StartsWith("user=", StringComparison.Ordinal) && (_shown.Any(text.Contains) || text.Contains("cert_username"))), "a login that was not earned");
        }
        Check.That(replies <= text.Count(c => c == '\n') * 2, "more answers than questions");
    }

    static void Masters(ReadOnlySpan<byte> input, MasterAccess access, params string[] verbs)
    {
        var number = 0;
        foreach (var line in Play(input, (socket, stop) => new MasterConnection(socket, new PeerCredentials(1, 4711, 4711), access, _server.Host).ServeAsync(stop)))
        {
            var fields = line.Split('\t');
            Check.That(number++ < 2 ? fields[0] is "VERSION" or "SPID" : verbs.Contains(fields[0]) && fields.Length > 1, $"the line {line}");
        }
    }

    static string[] Play(ReadOnlySpan<byte> input, Func<Socket, CancellationToken, Task> serve)
    {
        var output = Session.Play(serve, input);
        Check.That(output.Length == 0 || output.EndsWith('\n'), "half a line");
        Check.That(output.AsSpan().IndexOfAny('\0', '\r') < 0, "a character that ends lines elsewhere");
        foreach (var line in _server.Log.Lines)
            Check.That(!line.Contains("ended with a bug", StringComparison.Ordinal), line);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
