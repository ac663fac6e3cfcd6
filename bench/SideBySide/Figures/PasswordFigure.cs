using SideBySide.Loads;

namespace SideBySide.Figures;

/// <summary>Questions a second to the password daemon, mechanism shadow, md5crypt.</summary>
static class PasswordFigure
{
    public static void Run(Contest contest, int round, TimeSpan duration)
    {
        foreach (var clients in new[] { 1, 8 })
        {
            var figure = $"saslauthd requests, {clients} clients";
            Contest.InTurn(round,
                () => contest.Rate(figure, "1/s", Side.Ours, Load.ForTime(contest.OurSaslauthd.Processes, clients, duration,
                    _ => new MuxClient(contest.OurSaslauthd.Socket, contest.SystemUser), c => c.Ask())),
                contest.DebianSaslauthd is not { } debian ? null
                    : () => contest.Rate(figure, "1/s", Side.Peer, Load.ForTime(debian.Processes, clients, duration,
                        _ => new MuxClient(debian.Socket, contest.SystemUser), c => c.Ask())));
        }
    }
}
