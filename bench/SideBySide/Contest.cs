using SideBySide.Contenders;
using SideBySide.Loads;
using SideBySide.Processes;

namespace SideBySide;

/// <summary>Both sides up and running, and the report that their figures go to. A peer that is not installed is null: its column stays empty.</summary>
sealed record Contest(Report Report, string SystemUser, OurSaslauthd OurSaslauthd, House House, DebianSaslauthd? DebianSaslauthd, Dovecot? Dovecot, Postfix? Postfix)
{
    /// <summary>A login of a system user costs time in both.</summary>
    public ProcessTree HouseAndSaslauthd => House.Processes.With(OurSaslauthd.Processes);

    /// <summary>Runs ours and the peer's in turn; who begins changes with the round.</summary>
    public static void InTurn(int round, Action ours, Action? peer)
    {
        if (round % 2 == 1)
            peer?.Invoke();
        ours();
        if (round % 2 == 0)
            peer?.Invoke();
    }

    public void Rate(string figure, string unit, Side side, LoadResult result) =>
        Report.Add(figure, unit, Better.Higher, side, result.PerSecond, result.CpuMicroseconds);
}
