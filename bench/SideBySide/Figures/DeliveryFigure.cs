using SideBySide.Contenders;
using SideBySide.Loads;
using SideBySide.Processes;

namespace SideBySide.Figures;

/// <summary>1 kB messages a second from SMTP into Maildirs: from the first command until the last file is there, and every one is.</summary>
static class DeliveryFigure
{
    const int Connections = 8, MessagesPerConnection = 60;

    public static void Run(Contest contest, int round)
    {
        foreach (var (connections, messages) in new[] { (1, 100), (Connections, MessagesPerConnection) })
        {
            var figure = $"SMTP to Maildir, 1 kB, {connections} conn.";
            Contest.InTurn(round,
                () => contest.Rate(figure, "1/s", Side.Ours, Measure(contest.House.Processes, contest.House.Smtp, contest.House.Maildir, connections, messages)),
                contest.Postfix is not { } postfix ? null
                    : () => contest.Rate(figure, "1/s", Side.Peer, Measure(postfix.Processes, postfix.Smtp, postfix.Maildir, connections, messages)));
        }
    }

    static LoadResult Measure(ProcessTree servers, int port, Func<string, string> maildir, int connections, int messages)
    {
        var folders = BenchUsers.Recipients.Select(u => $"{maildir(u)}/new").ToArray();
        foreach (var file in folders.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
            File.Delete(file);
        var total = connections * messages;
        var result = Load.Once(servers, total, () =>
        {
            Load.InParallel(connections, c =>
            {
                using var sender = new SmtpSender(port);
                for (var i = 0; i < messages; i++)
                    sender.Send(BenchUsers.Recipients[(c + i) % BenchUsers.Recipients.Count], $"{c}.{i}");
            });
            Patience.Until(() => folders.Sum(Count) >= total, $"{total} messages in the Maildirs (there are {folders.Sum(Count)})", 10);
        });
        var marks = folders.SelectMany(Directory.EnumerateFiles).SelectMany(File.ReadLines)
            .Where(l => l.StartsWith(SmtpSender.Mark, StringComparison.Ordinal)).ToArray();
        if (marks.Length != total || marks.Distinct().Count() != total)
            throw new BenchException($"{total} messages were accepted, {marks.Length} are there, {marks.Distinct().Count()} of them different");
        return result;
    }

    static int Count(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Count() : 0;
}
