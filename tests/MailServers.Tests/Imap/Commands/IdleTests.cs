using System.Net.Sockets;
using MailServers.Imap;
using MailStore;
using Sasl.Hosting.Unix;
using Testing;

namespace MailServers.Tests.Imap.Commands;

public sealed class IdleTests
{
    const string Select = """
        S: a0 OK *
        C: s SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT *
        S: s OK *

        """;

    [Fact]
    public Task Without_a_mailbox_it_waits_for_DONE() => ImapHouse.PlayAsync("""
        C: a1 IDLE
        S: + idling
        C: done
        S: a1 OK Idle completed.
        C: a2 IDLE
        S: + idling
        C: NOOP
        S: a2 BAD Error in IMAP command IDLE: Expected DONE.
        C: a3 IDLE now
        S: a3 BAD *
        """);

    [Fact]
    public async Task Arrivals_flags_and_expunges_are_told_at_once()
    {
        using var house = new ImapHouse();
        await ImapHouse.With(2)(house);
        var (client, server) = Descriptors.Pair(SocketType.Stream);
        using var _ = client;
        var serving = Task.Run(() => house.ServeAsync(server, default));
        using var stream = new NetworkStream(client);
        await Dialogue.PlayAsync(stream, Select + "C: a1 IDLE\nS: + idling\n", Pace.Whole);
        await house.AddAsync("A: b\n\nnew\n");
        await Dialogue.PlayAsync(stream, "S: * 3 EXISTS\nS: * 3 RECENT\n", Pace.Whole);
        using (var other = house.Store.Select("INBOX", readOnly: false)!)
        {
            other.Store([1], FlagChange.Add, MessageFlags.Deleted, new HashSet<string>());
            await Dialogue.PlayAsync(stream, "S: * 1 FETCH (FLAGS (\\Deleted \\Recent))\n", Pace.Whole);
            other.Expunge(null);
        }
        await Dialogue.PlayAsync(stream, "S: * 1 EXPUNGE\nS: * 2 RECENT\nC: DONE\nS: a1 OK Idle completed.\nC: a2 LOGOUT\nS: * BYE *\nS: a2 OK *\nS: [closed]\n", Pace.Whole);
        await serving;
    }

    [Fact]
    public async Task A_silent_mailbox_is_told_to_be_alive_and_outlives_the_idle_timeout()
    {
        using var house = new ImapHouse
        {
            Settings = ImapSettings.Default with { IdleNotifyInterval = TimeSpan.FromMilliseconds(200), IdleTimeout = TimeSpan.FromMilliseconds(300) },
        };
        await Dialogue.PlayAsync(house.ServeAsync,
            "S: a0 OK *\nC: a1 IDLE\nS: + idling\nS: * OK Still here\nS: * OK Still here\nS: * OK Still here\nC: DONE\nS: *a1 OK *\n", Pace.Whole);
    }
}
