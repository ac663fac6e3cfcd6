using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailServers.Login;
using MailServers.Pop3;
using MailServers.Tests.Login;
using MailStore;
using Microsoft.Extensions.Logging.Abstractions;
using Sasl.Hosting.Net;
using Testing;

namespace MailServers.Tests.Interop;

/// <summary>The same POP3 lines to Dovecot's pop3-login and pop3 and to ours: the same answers, byte for byte where they are messages.</summary>
[Collection(nameof(DovecotDaemon))]
public sealed partial class Pop3ComparisonTests(DovecotDaemon dovecot)
{
    const string Login = "USER alice\nPASS secret\n";

    [DaemonFact]
    public Task Before_the_login() => PlayAsync("""
        CAPA
        AUTH
        USER alice
        PASS wrong
        PASS secret
        APOP alice c4c9334bac560ecc979e58001b3e22fb
        AUTH PLAIN
        *
        AUTH PLAIN
        !!
        AUTH PLAIN !!!
        AUTH PLAIN =
        AUTH FOO
        AUTH PLAIN AGFsaWNlAHdyb25n
        NOOP
        STAT
        QUIT
        """);

    [DaemonFact]
    public Task The_third_bad_command_is_the_last() => PlayAsync("STAT\nLIST\n~RETR 1\n");

    [DaemonFact]
    public Task Auth_plain() => PlayAsync("AUTH PLAIN AGFsaWNlAHNlY3JldA==\nSTAT\nQUIT\n");

    [DaemonFact]
    public Task Auth_plain_without_an_initial_response() => PlayAsync("auth plain\nAGFsaWNlAHNlY3JldA==\nstat\nquit\n");

    [DaemonFact]
    public Task Passwords_are_refused_on_an_open_line() => PlayAsync("""
        CAPA
        AUTH
        USER alice
        PASS secret
        AUTH PLAIN
        AUTH PLAIN AGFsaWNlAHNlY3JldA==
        QUIT
        """, strict: true);

    [DaemonFact]
    public Task Listings() => PlayAsync(Login + """
        STAT
        LIST
        UIDL
        LIST 1
        LIST 0
        LIST 99
        LIST x
        LIST -1
        LIST 1x
        UIDL 1
        UIDL 99
        UIDL x
        CAPA
        NOOP
        """);

    [DaemonFact]
    public Task Messages() => PlayAsync(Login + string.Concat(Enumerable.Range(0, Mail.Dots.Length + 2).Select(static i => $"RETR {i}\n")) + "RETR\nRETR x\n");

    [DaemonFact]
    public Task Tops() => PlayAsync(Login + string.Concat(Enumerable.Range(0, Mail.Dots.Length + 2).SelectMany(static i => new[] { 0, 1, 2, 5, 100 }.Select(n => $"TOP {i} {n}\n")))
        + "TOP\nTOP 1\nTOP 1 x\nTOP 1 -1\nTOP 1 99999999999\nTOP 1 2 3\n");

    [DaemonFact]
    public Task Deleting_and_resetting() => PlayAsync(Login + """
        DELE 1
        DELE 1
        DELE 99
        DELE
        DELE x
        STAT
        LIST
        UIDL
        LIST 1
        RETR 1
        TOP 1 0
        LAST
        RSET
        STAT
        DELE 5
        STAT
        RSET x
        NOOP x
        FOO
        USER alice
        STLS
        AUTH
        QUIT
        """);

    [DaemonFact]
    public async Task Only_quit_removes()
    {
        await PlayAsync(Login + "DELE 1\nDELE 2\n", seed: true, check: Left);
        await PlayAsync(Login + "DELE 1\nDELE 2\nRSET\nDELE 4\nDELE 5\nQUIT\n", seed: true, check: Left);
    }

    static string Left(string maildir) =>
        string.Join(' ', Directory.EnumerateFiles(maildir, "1*", SearchOption.AllDirectories).Select(static f => Path.GetFileName(f).Split('.', ',')[0]).Order());

    async Task PlayAsync(string script, bool strict = false, bool seed = true, Func<string, string>? check = null)
    {
        using var directory = new TemporaryDirectory();
        if (seed)
        {
            dovecot.Seed("alice", Mail.Dots);
            Mail.Seed(directory["Maildir"], Mail.Dots);
        }
        var ended = new TaskCompletionSource();
        await using var house = LoginHouse.Pop3(strict ? new LoginSettings() : LoginHouse.Open, tls: true, worker: async (request, socket) =>
        {
            using var store = Stores.Open(new MailLocation(MailFormat.Maildir, directory["Maildir"], null));
            await using var connection = new Connection(socket, request.Leftover);
            await Pop3Session.RunAsync(connection, store, new("alice", request.Session), new Pop3Settings(), NullLogger.Instance, default);
            ended.SetResult();
        });
        var theirs = new Conversation(strict ? await DovecotDaemon.ConnectAsync(dovecot.StrictPop3, "127.0.0.3") : await DovecotDaemon.ConnectAsync(dovecot.Pop3));
        var (client, serving) = house.Connect();
        var ours = new Conversation(new NetworkStream(client, ownsSocket: true));
        using var comparison = new Comparison(theirs, ours);
        await theirs.HearAsync(static text => text.EndsWith('\n'));
        await ours.HearAsync(static text => text.EndsWith('\n'));
        foreach (var raw in script.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (raw[0] == '#')
                continue;
            var line = raw.TrimStart('~');
            await comparison.StepAsync(line, IsMultiLine(line) ? Block().IsMatch : Single().IsMatch, text => Shown(line, text), raw[0] == '~');
        }
        comparison.AssertSame();
        comparison.Dispose();
        await serving.WaitAsync(TimeSpan.FromSeconds(60));
        if (house.Supervisor.HandOffs.Count > 0)
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(60));
        if (check is not null)
            await Eventually.TrueAsync(() => check(dovecot.Maildir("alice")) == check(directory["Maildir"]), "the same messages are left", TimeSpan.FromSeconds(60));
    }

    static bool IsMultiLine(string line) => line.Split(' ') switch
    {
        ["RETR" or "TOP" or "CAPA", ..] => true,
        ["LIST" or "UIDL" or "AUTH"] => true,
        _ => false,
    };

    [GeneratedRegex(@"^(\+|-ERR).*\n\z")]
    private static partial Regex Single();

    [GeneratedRegex(@"^(-ERR.*\n|\+OK(?s:.*)\r\n\.\r\n|\+OK.*\r\n\.\r\n)\z")]
    private static partial Regex Block();

    /// <summary>Of the first line the status, the code and what the protocol defines; the text of messages whole. Mechanisms and validities are their own.</summary>
    static string Shown(string line, string answer)
    {
        var (first, rest) = answer.IndexOf('\n') is > 0 and var end ? (answer[..end].TrimEnd('\r'), answer[(end + 1)..]) : (answer, "");
        var numbers = line.StartsWith("STAT", StringComparison.OrdinalIgnoreCase) || line.StartsWith("LIST ", StringComparison.Ordinal);
        if (!numbers || first.StartsWith('-'))
            first = Status().Match(first).Value;
        rest = Mechanisms().Replace(rest, "");
        return first + "\n" + (line.StartsWith("UIDL", StringComparison.Ordinal) ? Validity().Replace(rest, "$1 ID") : rest);
    }

    [GeneratedRegex(@"^(\+OK|-ERR|\+)( \[[A-Z/]+\])?")]
    private static partial Regex Status();

    [GeneratedRegex(@"(?m)(?<=^SASL) [^\r]*|^(PLAIN|LOGIN|ECHO)\r\n")]
    private static partial Regex Mechanisms();

    [GeneratedRegex(@"(?m)^(\d+) [0-9a-f]{16}")]
    private static partial Regex Validity();
}
