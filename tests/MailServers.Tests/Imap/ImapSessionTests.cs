using System.Net.Sockets;
using System.Text;
using MailServers.Imap;
using MailStore;
using Sasl.Hosting.Net;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Imap;

public sealed class ImapSessionTests
{
    [Fact]
    public Task A_short_session() => ImapHouse.PlayAsync("""
        C: a1 CAPABILITY
        S: * CAPABILITY IMAP4rev1 *
        S: a1 OK Capability completed.
        C: a2 select inbox
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Flags permitted.
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 1] First unseen.
        S: * OK [UIDVALIDITY *] UIDs valid
        S: * OK [UIDNEXT 3] Predicted next UID
        S: a2 OK [READ-WRITE] Select completed.
        C: a3 FETCH 1 (FLAGS UID INTERNALDATE RFC822.SIZE BODY[])
        S: * 1 FETCH (FLAGS (\Seen \Recent) UID 1 INTERNALDATE "*" RFC822.SIZE 100 BODY[] {100}
        S: From: Fred Foobar <foobar@example.com>
        S: Subject: 1
        S: Date: Mon, 7 Feb 1994 21:52:25 -0800
        S:
        S: text 1
        S: )
        S: a3 OK Fetch completed.
        C: a4 APPEND INBOX {12+}
        C+ A: b\r\n\r\nhi\r\n\r\n
        S: * 3 EXISTS
        S: * 3 RECENT
        S: a4 OK [APPENDUID * 3] Append completed.
        C: a5 LOGOUT
        S: * BYE Logging out
        S: a5 OK Logout completed.
        S: [closed]
        """, ImapHouse.With(2));

    [Fact]
    public Task Commands_that_are_none_are_BAD_and_the_session_goes_on() => ImapHouse.PlayAsync("""
        C:
        S: * BAD Error in IMAP command received by server: Missing tag.
        C: a1
        S: a1 BAD Error in IMAP command received by server: Missing argument.
        C: a2 BOGUS x
        S: a2 BAD Error in IMAP command BOGUS: Unknown command.
        C: a3 UID
        S: a3 BAD Error in IMAP command UID *: Missing argument.
        C: a4 UID NOOP
        S: a4 BAD Error in IMAP command UID NOOP: Unknown command.
        C: + NOOP
        S: * BAD Error in IMAP command received by server: Missing tag.
        C: a5 NOOP x
        S: a5 BAD Error in IMAP command NOOP: Unexpected argument.
        C+ a6 NO\0OP\r\n
        S: a6 BAD Error in IMAP command *
        C: a7 NOOP
        S: a7 OK Completed.
        """);

    [Fact]
    public Task Commands_of_another_state_are_BAD() => ImapHouse.PlayAsync("""
        C: a1 LOGIN alice secret
        S: a1 BAD Error in IMAP command LOGIN: Already logged in.
        C: a2 AUTHENTICATE PLAIN
        S: a2 BAD Error in IMAP command AUTHENTICATE: Already logged in.
        C: a3 STARTTLS
        S: a3 BAD Error in IMAP command STARTTLS: Already logged in.
        C: a4 FETCH 1 FLAGS
        S: a4 BAD Error in IMAP command FETCH: No mailbox selected.
        C: a5 UID SEARCH ALL
        S: a5 BAD Error in IMAP command UID SEARCH: No mailbox selected.
        C: a6 CLOSE
        S: a6 BAD Error in IMAP command CLOSE: No mailbox selected.
        """);

    [Fact]
    public async Task A_literal_of_a_command_that_fails_is_not_taken_for_commands()
    {
        await ImapHouse.PlayAsync("""
            C: a1 NOOP {13+}
            C: a2 CREATE x
            C:
            S: a1 BAD Error in IMAP command NOOP: Unexpected argument.
            C: ( APPEND INBOX {13+}
            C: a3 CREATE x
            C:
            S: * BAD Error in IMAP command received by server: Missing tag.
            C: a4 APPEND INBOX (\Recent) {13+}
            C: a5 CREATE x
            C:
            S: a4 BAD Error in IMAP command APPEND: Invalid system flag \Recent.
            C: a6 APPEND nowhere {4+}
            C+ abcd ({6+}\r\na LIST)\r\n
            S: a6 NO [TRYCREATE] Mailbox doesn't exist: nowhere
            C: a7 LIST "" x
            S: a7 OK List completed.
            """);
    }

    [Fact]
    public Task Twenty_bad_commands_in_a_row_are_enough() => ImapHouse.PlayAsync(
        string.Concat(Enumerable.Repeat("C: x BOGUS\nS: x BAD *\n", 19)) + "C: x NOOP\nS: x OK *\n"
        + string.Concat(Enumerable.Repeat("C: x BOGUS\nS: x BAD *\n", 20)) + "S: * BYE Too many invalid IMAP commands.\nS: [closed]\n");

    [Fact]
    public Task Attack_a_line_without_end_ends_the_session() => ImapHouse.PlayAsync(
        $"C: a1 NOOP {new string('x', 70_000)}\nS: * BYE Command line or literal too long.\nS: [closed]\n",
        settings: ImapSettings.Default with { LongestLine = 8192 });

    [Fact]
    public Task Attack_literal_bombs_are_refused_before_they_are_read() => ImapHouse.PlayAsync("""
        C: a1 CREATE {4294967295}
        S: a1 BAD Error in IMAP command CREATE: Literal too long.
        C: a2 CREATE {300000}
        S: a2 BAD Error in IMAP command CREATE: Literal too long.
        C: a3 APPEND INBOX {67108865}
        S: a3 NO [TOOBIG] Message is too large.
        C: a4 APPEND INBOX {0}
        S: a4 NO Can't save a zero byte message.
        C: a5 CREATE {67108865+}
        S: a5 BAD Error in IMAP command CREATE: Literal too long.
        S: * BYE Command line or literal too long.
        S: [closed]
        """);

    [Fact]
    public Task Attack_many_small_literals_do_not_add_up() => ImapHouse.PlayAsync(
        "C+ a1 ID (" + string.Concat(Enumerable.Repeat("\"x\" {400}\\r\\n" + new string('y', 400) + " ", 8)) + "\\r\\n\n"
        + "S: + OK\nS: + OK\nS: a1 BAD *\n",
        settings: ImapSettings.Default with { LongestCommand = 1000, MostBadCommands = 1000 });

    [Fact]
    public async Task Silence_ends_with_BYE()
    {
        using var house = new ImapHouse { Settings = ImapSettings.Default with { IdleTimeout = TimeSpan.FromMilliseconds(200) } };
        await Dialogue.PlayAsync(house.ServeAsync, "S: a0 OK *\nS: * BYE Disconnected for inactivity.\nS: [closed]\n", Pace.Whole);
    }

    [Theory]
    [InlineData("")]
    [InlineData("C: a1 IDLE\nS: + idling\n")]
    [InlineData("C+ a1 APPEND INBOX {100}\\r\\n\nS: + OK\nC+ half a mess\n")]
    public async Task Draining_says_so_and_nothing_half_stays(string before)
    {
        using var house = new ImapHouse();
        using var drain = new CancellationTokenSource();
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using var _ = client;
        var serving = Task.Run(() => house.ServeAsync(server, drain.Token));
        using var stream = new NetworkStream(client);
        await Dialogue.PlayAsync(stream, "S: a0 OK *\n" + before, Pace.Whole);
        await Eventually.TrueAsync(() => server.Available == 0, "the session has read everything");
        await drain.CancelAsync();
        await Dialogue.PlayAsync(stream, "S: * BYE Server shutting down.\nS: [closed]\n", Pace.Whole);
        await serving;
        Assert.Equal(0, house.Store.Status("INBOX")!.Messages);
    }

    [Fact]
    public async Task What_the_front_end_had_read_already_is_served_first()
    {
        using var house = new ImapHouse { Tag = null };
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using var _ = client;
        await using var connection = new Connection(server, Encoding.ASCII.GetBytes("a1 NOOP\r\na2 LOG"));
        var serving = ImapSession.RunAsync(connection, house.Store, new("alice", null, "test"), ImapSettings.Default, house.Log, default);
        using var stream = new NetworkStream(client);
        await Dialogue.PlayAsync(stream, "S: \\* PREAUTH [CAPABILITY *] Logged in\nS: a1 OK *\nC: OUT\nS: * BYE *\nS: a2 OK *\n".Replace("\\*", "*"), Pace.Whole);
        await serving;
    }

    [Fact]
    public async Task The_log_tells_how_a_session_ended()
    {
        var log = new ListLog();
        using var house = new ImapHouse { Log = log };
        await Dialogue.PlayAsync(house.ServeAsync, "S: a0 OK *\nC: a1 LOGOUT\nS: * BYE *\nS: a1 OK *\nS: [closed]\n", Pace.Whole);
        await Dialogue.PlayAsync(house.ServeAsync, "S: a0 OK *\n", Pace.Whole);
        Assert.Matches(@"^imap\(alice\)<\d+><test>: Disconnected: Logged out in=11 out=\d+ deleted=0 expunged=0 trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0$", log.Lines[0]);
        Assert.Contains(": Disconnected: Connection closed in=0 out=", log.Lines[1]);
    }
}
