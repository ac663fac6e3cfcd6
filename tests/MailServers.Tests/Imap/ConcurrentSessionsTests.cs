using System.Net.Sockets;
using MailStore;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Imap;

/// <summary>What one session does to messages that another one counts (RFC 3501 §7.4.1, RFC 5530 §3 EXPUNGEISSUED).</summary>
public sealed class ConcurrentSessionsTests
{
    const string Selected = """
        S: a0 OK *
        C: s SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 4 EXISTS
        S: * 4 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 5] *
        S: s OK *

        """;

    static async Task PlayAsync(params (Action<IMailboxView> Other, string Script)[] steps)
    {
        using var house = new ImapHouse();
        await ImapHouse.With(4)(house);
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        var serving = Task.Run(() => house.ServeAsync(server, default));
        using (client)
        {
            using var stream = new NetworkStream(client);
            await Dialogue.PlayAsync(stream, Selected, Pace.Whole);
            using var other = house.Store.Select("INBOX", readOnly: false)!;
            foreach (var (act, script) in steps)
            {
                act(other);
                await Dialogue.PlayAsync(stream, script, Pace.Whole);
            }
        }
        await serving.WaitAsync(TimeSpan.FromSeconds(60));
    }

    static void Remove(IMailboxView other, params uint[] uids)
    {
        other.Store(uids, FlagChange.Add, MessageFlags.Deleted, new HashSet<string>());
        other.Expunge(uids);
        other.Sync(allowExpunge: true);
    }

    [Fact]
    public Task No_number_changes_while_numbers_are_spoken_of() => PlayAsync(
        (other => Remove(other, 2), """
            C: a1 FETCH 1:4 UID
            S: * 1 FETCH (UID 1)
            S: * 2 FETCH (UID 2)
            S: * 3 FETCH (UID 3)
            S: * 4 FETCH (UID 4)
            S: a1 OK *
            C: a2 STORE 4 +FLAGS.SILENT (\Seen)
            S: a2 OK *
            C: a3 SEARCH ALL
            S: * SEARCH 1 2 3 4
            S: a3 OK *
            C: a4 SEARCH SUBJECT 4
            S: * SEARCH 4
            S: a4 OK *
            C: a5 UID SEARCH ALL
            S: * SEARCH 1 2 3 4
            S: * 2 EXPUNGE
            S: * 3 RECENT
            S: a5 OK *
            C: a6 FETCH 3 UID
            S: * 3 FETCH (UID 4)
            S: a6 OK *
            """));

    [Fact]
    public Task A_message_that_has_gone_is_told_of_and_the_others_come() => PlayAsync(
        (other => Remove(other, 2, 3), """
            C: a1 FETCH 1:4 BODY.PEEK[TEXT]
            S: * 1 FETCH (BODY[TEXT] {8}
            S: text 1
            S: )
            S: * 4 FETCH (BODY[TEXT] {8}
            S: text 4
            S: )
            S: a1 NO [EXPUNGEISSUED] *
            C: a2 NOOP
            S: * 2 EXPUNGE
            S: * 2 EXPUNGE
            S: * 2 RECENT
            S: a2 OK *
            """));

    [Fact]
    public Task Flags_of_both_count() => PlayAsync(
        (other => other.Store([1], FlagChange.Add, MessageFlags.Flagged, new HashSet<string>()), """
            C: a1 STORE 1 +FLAGS (\Seen)
            S: * 1 FETCH (FLAGS (\Flagged \Seen \Recent))
            S: a1 OK *
            """),
        (other => Assert.Equal(MessageFlags.Flagged | MessageFlags.Seen, Synced(other).Messages[0].Flags & ~MessageFlags.Recent), "C: a2 NOOP\nS: a2 OK *"),
        (other => other.Store([1], FlagChange.Remove, MessageFlags.Seen, new HashSet<string>()), """
            C: a3 NOOP
            S: * 1 FETCH (FLAGS (\Flagged \Recent))
            S: a3 OK *
            """));

    static IMailboxView Synced(IMailboxView view)
    {
        view.Sync(allowExpunge: true);
        return view;
    }
}
