using SideBySide.Contenders;
using SideBySide.Loads;
using SideBySide.Processes;

namespace SideBySide.Figures;

/// <summary>Logins a second on the auth sockets: from the server's own users (plaintext stored) and from the system's (md5crypt).</summary>
static class LoginFigure
{
    public static void Run(Contest contest, int round, TimeSpan duration)
    {
        foreach (var clients in new[] { 1, 8 })
        {
            One($"auth logins, own users, {clients} conn.", contest.House.AuthSocket, BenchUsers.Recipients[0]);
            One($"auth logins, system users, {clients} conn.", contest.House.SystemAuthSocket, contest.SystemUser);

            void One(string figure, string socket, string user) => Contest.InTurn(round,
                () => contest.Rate(figure, "1/s", Side.Ours, Load.ForTime(contest.HouseAndSaslauthd, clients, duration,
                    i => new AuthClient(socket, i, user), c => c.LogIn())),
                contest.Dovecot is not { } dovecot ? null
                    : () => contest.Rate(figure, "1/s", Side.Peer, Load.ForTime(dovecot.Processes, clients, duration,
                        i => new AuthClient(dovecot.AuthSocket, i, user), c => c.LogIn())));
        }
        Contest.InTurn(round,
            () => Smtp(Side.Ours, contest.House.Processes, contest.House.SmtpLogins),
            contest is not { Dovecot: { } peer, Postfix: { } postfix } ? null : () => Smtp(Side.Peer, peer.Processes.With(postfix.Processes), postfix.SmtpLogins));

        void Smtp(Side side, ProcessTree processes, int port)
        {
            var load = Load.ForTime(processes, 8, duration, _ => new SmtpLogin(port, BenchUsers.Recipients[0]), c => c.Run());
            contest.Rate("SMTP connect, AUTH, quit, 8 clients", "1/s", side, load);
            contest.Report.Add("SMTP connect, AUTH, quit: p99", "ms", Better.Lower, side, load.P99);
        }
    }
}
