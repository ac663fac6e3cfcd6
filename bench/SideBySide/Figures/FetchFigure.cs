using System.Diagnostics;
using SideBySide.Contenders;
using SideBySide.Loads;
using SideBySide.Processes;

namespace SideBySide.Figures;

/// <summary>A mailbox of 10,000 messages over IMAP: opened for the first time (no index, no uidlist), and again in a second session.</summary>
static class FetchFigure
{
    const int Messages = 10_000;

    static readonly (string Name, string Command)[] _commands =
    [
        ("SELECT", "SELECT INBOX"),
        ("FETCH FLAGS ENVELOPE", "FETCH 1:* (FLAGS ENVELOPE)"),
        ("FETCH RFC822.SIZE", "FETCH 1:* RFC822.SIZE"),
        ("FETCH BODYSTRUCTURE", "FETCH 1:* BODYSTRUCTURE"),
        ("FETCH BODY.PEEK[]", "FETCH 1:* BODY.PEEK[]"),
    ];

    public static void Run(Contest contest, int round)
    {
        var user = BenchUsers.Reader(round);
        BigMailbox.Write(contest.House.Maildir(user), Messages);
        if (contest.Dovecot is { } peer)
            BigMailbox.Write(peer.Maildir(user), Messages);
        var fetched = new long[2];
        foreach (var opening in new[] { "first open", "opened again" })
        {
            Contest.InTurn(round,
                () => fetched[0] = Session(contest.Report, Side.Ours, contest.House.Processes, contest.House.Imap, user, opening),
                contest.Dovecot is not { } dovecot ? null
                    : () => fetched[1] = Session(contest.Report, Side.Peer, dovecot.Processes, dovecot.Imap, user, opening));
        }
        // The same mail on both sides: the answers differ in the quoting of a few bytes at most.
        if (fetched[1] > 0 && Math.Abs(fetched[0] - fetched[1]) > fetched[1] / 100)
            throw new BenchException($"BODY.PEEK[] brought {fetched[0]} bytes here and {fetched[1]} there");
    }

    /// <summary>Returns the bytes that the last FETCH brought.</summary>
    static long Session(Report report, Side side, ProcessTree servers, int port, string user, string opening)
    {
        using var reader = new ImapReader(port);
        reader.LogIn(user);
        foreach (var (name, command) in _commands)
        {
            var cpu = servers.Cpu();
            var clock = Stopwatch.StartNew();
            var found = reader.Run(command, command.StartsWith("FETCH", StringComparison.Ordinal) ? " FETCH (" : $"* {Messages} EXISTS");
            report.Add($"IMAP, {opening}: {name}", "ms", Better.Lower, side, clock.Elapsed.TotalMilliseconds, (servers.Cpu() - cpu).TotalMicroseconds);
            if (found != (command.StartsWith("FETCH", StringComparison.Ordinal) ? Messages : 1))
                throw new BenchException($"{command}: {found} of {Messages} messages");
        }
        var received = reader.Received;
        reader.LogOut();
        return received;
    }
}
