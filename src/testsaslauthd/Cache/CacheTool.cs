using System.Globalization;
using Sasl.Hosting.Logging;
using Sasl.Protocols.Saslauthd;

namespace TestSaslauthd.Cache;

/// <summary>
/// saslcache: the daemon's memory of successful logins, in the words of Cyrus' program, which read a file that is not there any more: the daemon is asked. Unlike
/// it this one can flush.
/// </summary>
static class CacheTool
{
    const string Name = "saslcache";

    /// <summary>Whether the program was called by the other one's name. The kernel is asked, since the runtime tells the program's file when it is not compiled ahead.</summary>
    public static bool IsCalled() => Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0]) == Name;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (CacheCommandLine.Parse(arguments) is not { } options)
        {
            Console.Error.Write("""
                usage: saslcache [-m FILE] -s | -d | -f [-u USER [-r REALM]]

                  -m FILE  saslauthd's run directory, or cache.mmap in it (default /run/saslauthd)
                  -s       statistics
                  -d       who is remembered, as CSV: never a password or a hash
                  -f       forget everybody, or one user, in every realm or in one

                """);
            return 1;
        }
        var reply = await ControlClient.AskAsync(options.ControlPath, new(options.Kind, User: options.User, Realm: options.Realm));
        if (reply.Problem is { } problem)
        {
            Console.Error.WriteLine($"{Name}: {options.ControlPath}: {problem}");
            return 1;
        }
        Console.Out.Write(options.Kind switch
        {
            ControlKind.Statistics => CacheStatisticsText.Of(reply.Rows),
            ControlKind.Dump => Csv(reply.Rows),
            _ => $"{reply.Rows[0][0]} forgotten\n",
        });
        return 0;
    }

    internal static string Csv(IEnumerable<string[]> rows) => string.Concat(rows.Where(r => r.Length == 4).Select(r => Line([.. r, LocalTime(r[3])])).Prepend("\"user\",\"realm\",\"service\",\"created\",\"created_localtime\"\n"));

    static string Line(string[] fields) => string.Join(',', fields.Select(f => $"\"{DaemonLog.Printable(f).Replace("\"", "\"\"")}\"")) + "\n";

    static string LocalTime(string seconds) => long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var created)
        ? DateTimeOffset.FromUnixTimeSeconds(created).ToLocalTime().ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture) : "";
}
