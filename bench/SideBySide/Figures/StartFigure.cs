using System.Diagnostics;
using SideBySide.Contenders;
using SideBySide.Loads;

namespace SideBySide.Figures;

/// <summary>From the command to the first greeting, and the CPU time until then. The servers are ended and started again.</summary>
static class StartFigure
{
    const string Password = "start to ready: saslauthd", Mail = "start to ready: IMAP, POP3, SMTP greet",
        Worker = "start to ready: first IMAP login, a worker";

    public static void RunSaslauthd(Report report, int round, string binaries) => Contest.InTurn(round,
        () =>
        {
            OurSaslauthd? ours = null;
            Time(report, Password, Side.Ours, () => ours = new OurSaslauthd(binaries), () => ours!.Processes.Cpu());
            ours!.Dispose();
        },
        !File.Exists(DebianSaslauthd.Program) ? null : () =>
        {
            DebianSaslauthd? peer = null;
            Time(report, Password, Side.Peer, () => peer = new DebianSaslauthd(), () => peer!.Processes.Cpu());
            peer!.Dispose();
        });

    public static void RunMail(Contest contest, int round) => Contest.InTurn(round,
        () =>
        {
            contest.House.Stop();
            Time(contest.Report, Mail, Side.Ours, () =>
            {
                contest.House.Start();
                Greeted(contest.House.Imap, contest.House.Pop3, contest.House.Smtp);
            }, () => contest.House.Processes.Cpu());
            FirstLogin(contest.Report, Side.Ours, contest.House.Imap);
        },
        contest is not { Dovecot: { } dovecot, Postfix: { } postfix } ? null : () =>
        {
            dovecot.Stop();
            postfix.Stop();
            Time(contest.Report, Mail, Side.Peer, () =>
            {
                dovecot.Start();
                postfix.Start();
                Greeted(dovecot.Imap, dovecot.Pop3, postfix.Smtp);
            }, () => dovecot.Processes.Cpu() + postfix.Processes.Cpu());
            FirstLogin(contest.Report, Side.Peer, dovecot.Imap);
        });

    /// <summary>
    /// From LOGIN to its answer, which the process gives that was started for it. Without CPU time: what ends meanwhile is in its parent's
    /// sum in whole hundredths of a second only, more than the figure itself.
    /// </summary>
    static void FirstLogin(Report report, Side side, int imap)
    {
        using var reader = new ImapReader(imap);
        Time(report, Worker, side, () => reader.LogIn(BenchUsers.Recipients[0]));
        reader.LogOut();
    }

    static void Greeted(int imap, int pop3, int smtp)
    {
        Patience.UntilGreeted(imap, "* OK", "IMAP");
        Patience.UntilGreeted(pop3, "+OK", "POP3");
        Patience.UntilGreeted(smtp, "220", "SMTP");
    }

    static void Time(Report report, string figure, Side side, Action start, Func<TimeSpan>? cpu = null)
    {
        var clock = Stopwatch.StartNew();
        start();
        report.Add(figure, "ms", Better.Lower, side, clock.Elapsed.TotalMilliseconds, cpu?.Invoke().TotalMicroseconds);
    }
}
