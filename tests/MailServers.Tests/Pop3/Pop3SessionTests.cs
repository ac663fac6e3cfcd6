using System.Net.Sockets;
using MailServers.Pop3;
using MailStore;
using Testing;

namespace MailServers.Tests.Pop3;

public sealed class Pop3SessionTests
{
    const string First = "Subject: one\r\n\r\nline 1\r\n.line 2\r\n..\r\nline 4\r\n";
    const string Second = "Subject: two\r\n\r\nx\r\n";

    [Fact]
    public async Task Every_command()
    {
        using var house = new Pop3House(First, Second);
        var validity = house.Store.Status("INBOX")!.UidValidity.ToString("x8");
        await house.PlayAsync($"""
            S: +OK Logged in.
            C: STAT
            S: +OK 2 {First.Length + Second.Length}
            C: LIST
            S: +OK 2 messages:
            S: 1 {First.Length}
            S: 2 {Second.Length}
            S: .
            C: list 2
            S: +OK 2 {Second.Length}
            C: UIDL
            S: +OK
            S: 1 00000001{validity}
            S: 2 00000002{validity}
            S: .
            C: UIDL 2
            S: +OK 2 00000002{validity}
            C: RETR 1
            S: +OK {First.Length} octets
            S: Subject: one
            S:
            S: line 1
            S: ..line 2
            S: ...
            S: line 4
            S: .
            C: TOP 1 2
            S: +OK
            S: Subject: one
            S:
            S: line 1
            S: ..line 2
            S: .
            C: TOP 2 0
            S: +OK
            S: Subject: two
            S:
            S: .
            C: NOOP
            S: +OK
            C: CAPA
            S: +OK
            S: CAPA
            S: TOP
            S: UIDL
            S: RESP-CODES
            S: PIPELINING
            S: AUTH-RESP-CODE
            S: .
            C: DELE 1
            S: +OK *
            C: STAT
            S: +OK 1 {Second.Length}
            C: RSET
            S: +OK
            C: STAT
            S: +OK 2 {First.Length + Second.Length}
            C: QUIT
            S: +OK Logging out.
            S: [closed]
            """);
        Assert.All(house.Log.All, l => Assert.Equal($"pop3(alice)<{Environment.ProcessId}><id>: Disconnected: Logged out top=2/{First.Length - "..\r\nline 4\r\n".Length + Second.Length - 3}, retr=1/{First.Length}, del=0/2, size={First.Length + Second.Length}", l));
    }

    [Theory]
    [InlineData("LIST 3", "-ERR There is no message 3.")]
    [InlineData("LIST 0", "-ERR There is no message 0.")]
    [InlineData("LIST x", "-ERR Invalid message number.")]
    [InlineData("LIST -1", "-ERR Invalid message number.")]
    [InlineData("LIST 1 2", "-ERR Invalid message number.")]
    [InlineData("LIST 99999999999999999999", "-ERR Invalid message number.")]
    [InlineData("RETR", "-ERR Invalid message number.")]
    [InlineData("RETR 2", "-ERR Message 2 is deleted.")]
    [InlineData("LIST 2", "-ERR Message 2 is deleted.")]
    [InlineData("UIDL 2", "-ERR Message 2 is deleted.")]
    [InlineData("DELE 2", "-ERR Message 2 is deleted.")]
    [InlineData("TOP 2 1", "-ERR Message 2 is deleted.")]
    [InlineData("TOP 1", "-ERR TOP takes *")]
    [InlineData("TOP 1 -1", "-ERR TOP takes *")]
    [InlineData("TOP 1 x", "-ERR TOP takes *")]
    [InlineData("USER alice", "-ERR Unknown command.")]
    [InlineData("", "-ERR Unknown command.")]
    public async Task Every_error_is_told_and_the_session_goes_on(string command, string reply)
    {
        using var house = new Pop3House(First, Second);
        await house.PlayAsync($"S: +OK *\nC: DELE 2\nS: +OK *\nC: {command}\nS: {reply}\nC: NOOP\nS: +OK");
        Assert.Equal(2, house.Inbox().Count);
    }

    [Fact]
    public async Task A_line_over_the_limit_and_a_NUL_are_bad_commands_and_twenty_of_them_end_the_session()
    {
        using var house = new Pop3House();
        await house.PlayAsync($"S: +OK *\nC: {new string('x', 600)}\nS: -ERR Command line too long.\nC+ NO\\0OP\\r\\n\nS: -ERR Unknown command.\n" +
            string.Concat(Enumerable.Repeat("C: X\nS: -ERR *\n", 17)) + "C: X\nS: -ERR Too many bad commands.\nS: [closed]");
    }

    [Theory]
    [InlineData(Pace.Whole)]
    [InlineData(Pace.ByLine)]
    [InlineData(Pace.ByByte)]
    public async Task Deleted_messages_go_at_QUIT_and_only_those(Pace pace)
    {
        using var house = new Pop3House(First, Second, First);
        await house.PlayAsync("S: +OK *\nC: DELE 2\nS: +OK *\nC: QUIT\nS: +OK Logging out, messages deleted.\nS: [closed]", pace);
        Assert.Equal([1u, 3u], house.Inbox().Select(m => m.Uid));
        Assert.Contains("del=1/3", Assert.Single(house.Log.All));
    }

    [Fact]
    public async Task What_an_IMAP_client_marked_as_deleted_is_not_this_sessions_to_remove()
    {
        using var house = new Pop3House(First, Second, First);
        using (var imap = house.Store.Select("INBOX", readOnly: false)!)
            imap.Store([3], FlagChange.Add, MessageFlags.Deleted, new HashSet<string>());
        await house.PlayAsync("S: +OK *\nC: DELE 1\nS: +OK *\nC: QUIT\nS: +OK *", Pace.Whole);
        Assert.Equal([2u, 3u], house.Inbox().Select(m => m.Uid));
    }

    [Fact]
    public async Task Without_QUIT_nothing_is_deleted()
    {
        using var house = new Pop3House(First, Second);
        await house.PlayAsync("S: +OK *\nC: DELE 1\nS: +OK *\nC: DELE 2\nS: +OK *");
        Assert.Equal(2, house.Inbox().Count);
        Assert.All(house.Log.All, l => Assert.Contains("Disconnected: Connection closed top=0/0, retr=0/0, del=0/2", l));
    }

    [Fact]
    public async Task The_maildrop_is_a_snapshot_and_a_message_that_vanished_is_told()
    {
        using var house = new Pop3House(First, Second);
        var (client, server) = Sasl.Hosting.Unix.Descriptors.Pair(SocketType.Stream);
        var serving = Task.Run(() => house.ServeAsync(server, default));
        using (var stream = new NetworkStream(client, ownsSocket: true))
        {
            await Dialogue.PlayAsync(stream, $"S: +OK *\nC: STAT\nS: +OK 2 {First.Length + Second.Length}", Pace.Whole);
            house.Deliver(Second);
            using (var other = house.Store.Select("INBOX", readOnly: false)!)
            {
                other.Store([1], FlagChange.Add, MessageFlags.Deleted, new HashSet<string>());
                other.Expunge([1]);
            }
            await Dialogue.PlayAsync(stream, $"C: STAT\nS: +OK 2 {First.Length + Second.Length}\nC: RETR 1\nS: -ERR Message 1 is gone.\nC: RETR 3\nS: -ERR There is no message 3.\nC: DELE 1\nS: +OK *\nC: QUIT\nS: +OK *", Pace.Whole);
        }
        await serving;
        Assert.Equal([2u, 3u], house.Inbox().Select(m => m.Uid));
    }

    [Fact]
    public async Task What_was_retrieved_is_seen_unless_the_administrator_does_not_want_it()
    {
        using var house = new Pop3House(Second, Second);
        await house.PlayAsync("S: +OK *\nC: RETR 2\nS: +OK *\nS: Subject: two\nS:\nS: x\nS: .", Pace.Whole);
        Assert.Equal([false, true], house.Inbox().Select(m => m.Flags.HasFlag(MessageFlags.Seen)));
        using var other = new Pop3House(Second) { Settings = new() { NoFlagUpdates = true } };
        await other.PlayAsync("S: +OK *\nC: RETR 1\nS: +OK *\nS: Subject: two\nS:\nS: x\nS: .", Pace.Whole);
        Assert.False(other.Inbox()[0].Flags.HasFlag(MessageFlags.Seen));
    }

    [Fact]
    public async Task A_silent_client_is_told_and_dropped()
    {
        using var house = new Pop3House { Settings = new() { IdleTimeout = TimeSpan.FromMilliseconds(100) } };
        await house.PlayAsync("S: +OK *\nS: -ERR Disconnected for inactivity.\nS: [closed]");
    }

    [Fact]
    public async Task A_drain_ends_idle_sessions_and_deletes_nothing()
    {
        using var house = new Pop3House(First);
        var (client, server) = Sasl.Hosting.Unix.Descriptors.Pair(SocketType.Stream);
        var serving = Task.Run(() => house.ServeAsync(server, default));
        using var stream = new NetworkStream(client, ownsSocket: true);
        await Dialogue.PlayAsync(stream, "S: +OK *\nC: DELE 1\nS: +OK *", Pace.Whole);
        await house.Drain.CancelAsync();
        await Dialogue.PlayAsync(stream, "S: -ERR [SYS/TEMP] Server shutting down.\nS: [closed]", Pace.Whole);
        await serving;
        Assert.Single(house.Inbox());
    }

    [Fact]
    public async Task A_mailbox_that_cannot_be_opened_is_a_temporary_error_with_a_line()
    {
        using var house = new Pop3House();
        var (client, server) = Sasl.Hosting.Unix.Descriptors.Pair(SocketType.Stream);
        await using var connection = new Sasl.Hosting.Net.Connection(server);
        await Pop3Session.RunAsync(connection, new NoInbox(), new("alice", "id"), new(), house.Log, default);
        var buffer = new byte[200];
        Assert.StartsWith("-ERR [SYS/TEMP] ", System.Text.Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer)));
        Assert.Contains("opening the INBOX failed", Assert.Single(house.Log.All));
        client.Dispose();
    }

    /// <summary>A disk that fails.</summary>
    sealed class NoInbox : IStore
    {
        public char Separator => '.';

        public string? ProblemOf(string folder) => null;

        public IMessageWriter? Append(string folder, MessageFlags flags, IReadOnlySet<string> keywords, DateTimeOffset? internalDate) => null;

        public StoreResult Create(string folder) => default;

        public StoreResult Delete(string folder) => default;

        public void Dispose() { }

        public IReadOnlyList<FolderInfo> Folders() => [];

        public StoreResult Rename(string from, string to) => default;

        public IMailboxView? Select(string folder, bool readOnly) => throw new IOException("disk on fire");

        public FolderStatus? Status(string folder) => null;

        public StoreResult Subscribe(string folder, bool subscribed) => default;

        public IReadOnlyList<string> Subscriptions() => [];
    }
}
