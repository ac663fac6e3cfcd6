using System.Diagnostics;
using System.Text;
using Sasl.Credentials.Tests.Remote.Peers;
using Sasl.Protocols.Saslauthd;
using Testing;

namespace Sasl.Credentials.Tests.Remote.Imap;

/// <summary>rimap on the wire, and beside Debian's on the same servers.</summary>
public sealed class RimapTests
{
    const string TheirDaemon = "/usr/sbin/saslauthd";

    /// <summary>What the server says, and what both daemons make of it.</summary>
    public static TheoryData<string, string, string> Dialogues => new()
    {
        { "* OK hi\r\n", "saslauthd OK fine\r\n", "OK remote authentication successful" },
        { "* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\nsaslauthd OK\r\n", "OK remote authentication successful" },
        { "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n", "saslauthd OK fine\r\n", "OK remote authentication successful" },
        { "* OK hi\r\n", "saslauthd NO bad\r\n", "NO remote server rejected your credentials" },
        { "* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\nsaslauthd NO [AUTHENTICATIONFAILED] bad\r\n", "NO remote server rejected your credentials" },
        { "* OK hi\r\n", "saslauthd BAD bad\r\n", $"NO {Asking.Unexpected}" },
        { "* OK hi\r\n", "SASLAUTHD OK\r\n", $"NO {Asking.Unexpected}" },
        { "* OK hi\r\n", "other OK\r\n", $"NO {Asking.Unexpected}" },
        { "* OK hi\r\n", "+ go on\r\n", $"NO {Asking.Unexpected}" },
        { "* OK hi\r\n", "* BYE bye\r\n", $"NO {Asking.Unexpected}" },
        { "* OK hi\r\n", "", $"NO {Asking.Unexpected}" },
        { "* NO not now\r\n", "", $"NO {Asking.Unavailable}" },
        { "* BYE not now\r\n", "", $"NO {Asking.Unavailable}" },
        { "* PREAUTH you are in\r\n", "saslauthd OK\r\n", $"NO {Asking.Unexpected}" },
        { "+OK POP3\r\n", "", $"NO {Asking.Unexpected}" },
        { "", "", $"NO {Asking.Unexpected}" },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Answers_as_Cyrus_does(string greeting, string answer, string expected)
    {
        await using var server = new FakeServer(client => PlayAsync(client, greeting, answer));
        var verdict = await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim");
        Assert.Equal(expected, $"{(verdict.IsOk ? "OK" : "NO")} {verdict.Reason}");
        Assert.Equal(verdict.Reason == Asking.Rejected.Reason, verdict.Kind == VerdictKind.Refused);
    }

    [RequiresFact(root: true, program: TheirDaemon)]
    public async Task And_Debians_answers_so_too_and_says_the_same_on_the_wire()
    {
        var (greeting, answer) = ("", "");
        await using var server = new FakeServer(client => PlayAsync(client, greeting, answer));
        using var directory = new TemporaryDirectory();
        // A session of its own: it signals the whole process group of its caller when it ends.
        using var theirs = Process.Start(new ProcessStartInfo("/usr/bin/setsid", [TheirDaemon, "-d", "-n", "1", "-a", "rimap", "-O", $"127.0.0.1/{server.Port}", "-m", directory.Path])
        {
            RedirectStandardError = true,
        })!;
        theirs.ErrorDataReceived += (_, _) => { };
        theirs.BeginErrorReadLine();
        try
        {
            await Eventually.TrueAsync(() => File.Exists(directory["mux"]), "Debian's saslauthd listens");
            var client = new SaslauthdClient(directory["mux"]);
            foreach (var row in Dialogues)
            {
                (greeting, answer) = ((string)row[0], (string)row[1]);
                var said = await client.AskAsync(new("bob", "geheim"u8.ToArray(), "imap", ""), default);
                Assert.Equal($"{greeting}{answer}{row[2]}", $"{greeting}{answer}{(said.IsOk ? "OK" : "NO")} {said.Text}");
            }
            (greeting, answer) = ("* OK hi\r\n", "saslauthd OK\r\n");
            await using var ours = new FakeServer(c => PlayAsync(c, greeting, answer));
            var before = server.Received.Length;
            await client.AskAsync(new("bob", "ge heim"u8.ToArray(), "imap", ""), default);
            await Asking.Make("rimap", $"127.0.0.1/{ours.Port}").AskAsync("bob", "ge heim");
            await Eventually.TrueAsync(() => ours.Received == "saslauthd LOGIN \"bob\" \"ge heim\"\r\nsaslauthd LOGOUT\r\n", "ours says what Cyrus says", log: () => ours.Received);
            await Eventually.TrueAsync(() => server.Received.Contains(ours.Received), "theirs too", log: () => server.Received);
        }
        finally
        {
            await Command.RunAsync("/bin/kill", ["-KILL", "--", $"-{theirs.Id}"]);
            await theirs.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Nobody_listens()
    {
        var log = new ListLog();
        var verdict = await Asking.Make("rimap", $"localhost/{RunningPostfix.FreePort()}", log: log).AskAsync("bob", "geheim");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.NoContact), verdict);
        Assert.Contains(log.Lines, l => l.StartsWith("Warning|auth_rimap: connect localhost[127.0.0.1]/", StringComparison.Ordinal));
        Assert.Contains(log.Lines, l => l.StartsWith("Warning|auth_rimap: couldn't connect to localhost/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_no_reason_not_to_start()
    {
        var verdict = await Asking.Make("rimap", "no-such-host.invalid").AskAsync("bob", "geheim");
        Assert.Equal(VerdictKind.Unavailable, verdict.Kind);
        Assert.StartsWith(Asking.NoContact, verdict.Reason);
    }

    [Theory]
    [InlineData("", "geheim")]
    [InlineData("bob", "")]
    [InlineData("bob\0", "geheim")]
    [InlineData("bob", "geheim\0x")]
    public async Task Empty_values_and_NUL_are_refused_without_asking(string user, string password)
    {
        await using var server = FakeServer.Saying("* OK hi\r\n", "saslauthd OK\r\n");
        Assert.Equal(VerdictKind.Refused, (await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync(user, password)).Kind);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("* OK hi\r\n", "{6}")]
    [InlineData("* OK [CAPABILITY IMAP4rev1 LITERAL+] hi\r\n", "{6+}")]
    [InlineData("* OK [CAPABILITY IMAP4rev1 LITERAL-] hi\r\n", "{6+}")]
    public async Task Attack_IMAP_command_injection_line_ends_and_quotes_travel_in_literals(string greeting, string length)
    {
        await using var server = new FakeServer(async client =>
        {
            await client.SendAsync(greeting);
            for (var i = 0; i < 2; i++)
            {
                Assert.EndsWith(length, await client.ReadLineAsync());
                if (length == "{6}")
                    await client.SendAsync("+ go on\r\n");
                await client.ReadAsync(6);
            }
            await client.ReadLineAsync();
            await client.SendAsync("saslauthd OK\r\n");
        });
        Assert.Equal(Asking.Ok, await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("b\"\r\n\\b", "a\r\nb c"));
        await Eventually.TrueAsync(() => server.Received.EndsWith("LOGOUT\r\n", StringComparison.Ordinal), "logged out");
        Assert.Equal($"saslauthd LOGIN {length}\r\nb\"\r\n\\b {length}\r\na\r\nb c\r\nsaslauthd LOGOUT\r\n", server.Received);
    }

    [Theory]
    [InlineData("saslauthd NO no literals\r\n")]
    [InlineData("saslauthd BAD no literals\r\n")]
    [InlineData("saslauthd OK come in\r\n")]
    public async Task A_literal_that_is_refused_is_no_answer_about_the_password(string answer)
    {
        await using var server = FakeServer.Saying("* OK hi\r\n", answer);
        var verdict = await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "ge\"heim");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), verdict);
        Assert.DoesNotContain("heim", server.Received);
    }

    [Theory]
    [InlineData("LOGINDISABLED AUTH=PLAIN SASL-IR", "saslauthd AUTHENTICATE PLAIN AGJvYgBnZWhlaW0=\r\n")]
    [InlineData("LOGINDISABLED AUTH=PLAIN", "saslauthd AUTHENTICATE PLAIN\r\nAGJvYgBnZWhlaW0=\r\n")]
    [InlineData("LOGINDISABLED AUTH=LOGIN", "saslauthd AUTHENTICATE LOGIN\r\nYm9i\r\nZ2VoZWlt\r\n")]
    public async Task Where_LOGIN_is_forbidden_SASL_is_used(string capabilities, string expected)
    {
        var challenges = expected.Split("\r\n").Length - 2;
        await using var server = FakeServer.Saying([$"* OK [CAPABILITY IMAP4rev1 {capabilities}] hi\r\n", .. Enumerable.Repeat("+ \r\n", challenges), "saslauthd OK\r\n"]);
        Assert.Equal(Asking.Ok, await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim"));
        Assert.StartsWith(expected, server.Received);
    }

    [Fact]
    public async Task Where_nothing_is_allowed_nothing_is_sent()
    {
        await using var server = FakeServer.Saying("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=CRAM-MD5] hi\r\n");
        Assert.Equal(new(VerdictKind.Unavailable, Asking.Unexpected), await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim"));
        Assert.Equal("", server.Received);
    }

    [Theory]
    [InlineData("UNAVAILABLE", VerdictKind.Unavailable)]
    [InlineData("LIMIT", VerdictKind.Unavailable)]
    [InlineData("PRIVACYREQUIRED", VerdictKind.Unavailable)]
    [InlineData("EXPIRED", VerdictKind.Expired)]
    [InlineData("AUTHORIZATIONFAILED", VerdictKind.Refused)]
    public async Task Response_codes_count(string code, VerdictKind expected)
    {
        await using var server = FakeServer.Saying("* OK hi\r\n", $"saslauthd NO [{code}] no\r\n");
        Assert.Equal(expected, (await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim")).Kind);
    }

    // RFC 3501 §7: a server may say anything at any time. Cyrus skips capabilities only.
    [Fact]
    public async Task Untagged_responses_are_skipped()
    {
        await using var server = FakeServer.Saying("* OK hi\r\n", "* OK still here\r\n* 3 EXISTS\r\n* BYE not you\r\nsaslauthd OK\r\n");
        Assert.Equal(Asking.Ok, await Asking.Make("rimap", $"127.0.0.1/{server.Port}").AskAsync("bob", "geheim"));
    }

    /// <summary>Without a good greeting it closes at once.</summary>
    static Task PlayAsync(FakeClient client, string greeting, string answer) =>
        greeting.StartsWith("* OK", StringComparison.Ordinal) ? client.SayAsync(greeting, answer) : client.SendAsync(greeting);
}
