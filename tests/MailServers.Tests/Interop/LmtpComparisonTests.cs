using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailServers.Lmtp;
using MailStore;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Interop;

/// <summary>The same LMTP lines to Dovecot's lmtp and to our worker: the same codes, and the same mail in the mailbox below the trace.</summary>
[Collection(nameof(DovecotDaemon))]
public sealed partial class LmtpComparisonTests(DovecotDaemon dovecot)
{
    [DaemonFact]
    public Task Order_of_commands() => PlayAsync("""
        NOOP
        RSET
        # RFC 2033 §4.1: LHLO comes first.
        ~MAIL FROM:<a@b.c>
        HELO x
        EHLO x
        # RFC 2034 §3: every reply but those to a greeting has an enhanced code; Dovecot's refusal has none.
        ~LHLO
        LHLO x
        # RFC 3463 §3.6: X.5.1 is what an invalid command says; Dovecot's is the code for anything else.
        ~RCPT TO:<alice>
        ~DATA
        MAIL FROM:<a@b.c>
        ~MAIL FROM:<a@b.c>
        ~DATA
        RSET
        ~FOO
        QUIT
        """, []);

    [DaemonFact]
    public Task Paths() => PlayAsync("""
        LHLO x
        MAIL a@b.c
        MAIL FROM:<a@b.c> FOO=BAR
        MAIL FROM:<a@b.c>
        RCPT alice
        RCPT TO:<alice> FOO=BAR
        RCPT TO:<alice>
        RSET
        MAIL FROM:<> BODY=8BITMIME
        QUIT
        """, []);

    [DaemonFact]
    public Task One_mail() => PlayAsync("LHLO x\nMAIL FROM:<a@b.c>\nRCPT TO:<alice>\nDATA\nSubject: x\\r\\n\\r\\n..dot\\r\\nend\\r\\n.\nRSET\nQUIT\n", ["Subject: x\n\n.dot\nend\n"]);

    [DaemonFact]
    public Task A_bounce() => PlayAsync("LHLO x\nMAIL FROM:<>\nRCPT TO:<alice>\nDATA\nSubject: y\\r\\n\\r\\n.\nQUIT\n", ["Subject: y\n\n"]);

    [DaemonFact]
    public Task A_line_without_end_in_sight() =>
        PlayAsync($"LHLO x\nMAIL FROM:<a@b.c>\nRCPT TO:<alice>\nDATA\n\\r\\n{new string('x', 200_000)}\\r\\n.\nQUIT\n", [$"\n{new string('x', 200_000)}\n"]);

    [DaemonFact]
    public Task Everything_at_once() =>
        PlayAsync(@"LHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<alice>\r\nDATA\r\nSubject: p\r\n\r\np\r\n.\r\nQUIT", ["Subject: p\n\np\n"]);

    /// <summary>Dovecot takes LF.LF for the end of the text and what follows for commands; we do not.</summary>
    [DaemonFact]
    public Task Attack_smuggling_by_a_bare_line_end() =>
        PlayAsync(@"~LHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<alice>\r\nDATA\r\nhello\n.\nMAIL FROM:<x@y>\r\n.\r\nQUIT", null, ours: "hello\n\nMAIL FROM:<x@y>\n");

    async Task PlayAsync(string script, string[]? delivered, string? ours = null)
    {
        using var directory = new TemporaryDirectory();
        dovecot.Seed("alice", []);
        using var store = Stores.Open(new MailLocation(MailFormat.Maildir, directory["Maildir"], null));
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        await using var connection = new Connection(server);
        var serving = Task.Run(() => LmtpSession.RunAsync(connection, store, new LmtpDelivery("alice", directory.Path), NullLogger.Instance, default));
        var theirs = new Conversation(await DovecotDaemon.ConnectAsync(dovecot.Lmtp));
        var mine = new Conversation(new NetworkStream(client, ownsSocket: true));
        using var comparison = new Comparison(theirs, mine);
        await theirs.HearAsync(Whole().IsMatch);
        await connection.FlushAsync();
        await mine.HearAsync(Whole().IsMatch);
        foreach (var raw in script.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (raw[0] == '#')
                continue;
            var line = Regex.Unescape(raw.TrimStart('~'));
            await comparison.StepAsync(line, line.EndsWith("QUIT", StringComparison.Ordinal) ? Goodbye().IsMatch : Whole().IsMatch, Shown, raw[0] == '~');
        }
        comparison.AssertSame();
        await serving.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(delivered ?? [ours!], Texts(directory["Maildir"]));
        if (delivered is not null)
            Assert.Equal(delivered, Texts(dovecot.Maildir("alice")));
    }

    /// <summary>What was delivered, below the lines that the last hop writes.</summary>
    static IEnumerable<string> Texts(string maildir) =>
        (Directory.Exists(Path.Combine(maildir, "new")) ? Directory.EnumerateFiles(Path.Combine(maildir, "new")) : []).Select(static f => Trace().Replace(File.ReadAllText(f), ""));

    [GeneratedRegex(@"(?m)^\d\d\d .*\n\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?m)^221 .*\n\z")]
    private static partial Regex Goodbye();

    [GeneratedRegex(@"\A((Return-Path|Delivered-To|Received): [^\n]*\n([ \t][^\n]*\n)*)+")]
    private static partial Regex Trace();

    [GeneratedRegex(@"^\d\d\d(?: \d\.\d+\.\d+)?")]
    private static partial Regex Status();

    /// <summary>Codes; what LHLO offers is each server's own.</summary>
    static string Shown(string answer) =>
        string.Join("\n    ", answer.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(static l => l.Length < 4 || l[3] != '-').Select(static l => Status().Match(l).Value));
}
