using SideBySide.Loads;
using SideBySide.Processes;

namespace SideBySide.Figures;

/// <summary>The proportional set size of every idle process: all ports have greeted somebody, one user has an empty INBOX open.</summary>
static class MemoryFigure
{
    /// <summary>How a part of the house is called, by what stands in the command lines of ours and of the peer's.</summary>
    static readonly (string Name, string Ours, string Peer)[] _parts =
    [
        ("saslauthd", "saslauthd", "saslauthd"),
        ("supervisor", "mailsupervisor", "dovecot master"),
        ("auth server", "authserver", "auth"),
        ("smtpd", "smtpd", "smtpd"),
        ("queue", "queue", "qmgr pickup cleanup trivial-rewrite virtual bounce"),
        ("imap-login", "imap-login", "imap-login"),
        ("pop3-login", "pop3-login", "pop3-login"),
        ("worker (imap session)", "worker", "imap"),
    ];

    public static void Run(Contest contest)
    {
        Contest.InTurn(0,
            () => Read(contest, Side.Ours, contest.House.Imap, [contest.OurSaslauthd.Processes, contest.House.Processes]),
            contest is not { Dovecot: { } dovecot, Postfix: { } postfix, DebianSaslauthd: { } saslauthd } ? null
                : () => Read(contest, Side.Peer, dovecot.Imap, [saslauthd.Processes, dovecot.Processes, postfix.Processes]));
    }

    static void Read(Contest contest, Side side, int imap, IEnumerable<ProcessTree> trees)
    {
        using var reader = new ImapReader(imap);
        reader.LogIn("idle");
        reader.Run("SELECT INBOX");
        Thread.Sleep(1000);
        var all = trees.SelectMany(t => t.Read()).Select(p => (Name: Part(p.CommandLine, side), Pss: ProcessReading.Pss(p.Pid) / 1024.0)).ToArray();
        foreach (var (name, _, _) in _parts)
        {
            var of = all.Where(p => p.Name == name).ToArray();
            if (of.Length > 0)
                contest.Report.Add($"memory: {name}", "MB", Better.Lower, side, of.Sum(p => p.Pss));
        }
        if (all.Any(p => p.Name == ""))
            contest.Report.Add("memory: other processes", "MB", Better.Lower, side, all.Where(p => p.Name == "").Sum(p => p.Pss));
        contest.Report.Add("memory: everything", "MB", Better.Lower, side, all.Sum(p => p.Pss));
        contest.Report.Add("processes", "", Better.Lower, side, all.Length);
        reader.LogOut();
    }

    /// <summary>Our programs have their role as a word of the command line; the peers' are called by it.</summary>
    static string Part(string commandLine, Side side)
    {
        var words = commandLine.Split(' ').Select(w => Path.GetFileName(w)).ToArray();
        return Array.FindLast(_parts, p => side == Side.Ours ? words.Contains(p.Ours) : p.Peer.Split(' ').Contains(words[0])).Name ?? "";
    }
}
