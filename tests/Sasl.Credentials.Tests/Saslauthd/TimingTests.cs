using System.Diagnostics;
using Testing;

namespace Sasl.Credentials.Tests.Saslauthd;

/// <summary>
/// User enumeration by time. The quickest of several answers is compared, since other work on the machine only makes an answer slower: the slowest kind of user
/// may take at most 1.3 times as long as the quickest kind. (Cyrus answers for an unknown one some hundred times as quickly.)
/// </summary>
public sealed class TimingTests : IDisposable
{
    const double MostApart = 1.3;
    const int Rounds = 7, Attempts = 4;

    readonly TemporaryDirectory _directory = new();

    [RequiresFact(root: true)]
    public async Task User_enumeration_unknown_locked_expired_and_known_users_take_the_same_time()
    {
        await using var known = await ThrowawayAccount.CreateAsync("geheim");
        await using var locked = await ThrowawayAccount.CreateAsync("geheim");
        await using var expired = await ThrowawayAccount.CreateAsync("geheim");
        await locked.UsermodAsync("-L");
        await expired.ChageAsync("-E", "1");
        await using var daemon = await RunningDaemon.StartAsync(_directory["run"], "-a", "shadow");
        string[] users = [known.Name, locked.Name, expired.Name, "no-such-user-here"];
        var ratio = double.MaxValue;
        for (var attempt = 0; attempt < Attempts && ratio > MostApart; attempt++)
            ratio = Math.Min(ratio, await ApartAsync(daemon, users));
        Assert.InRange(ratio, 1, MostApart);
    }

    public void Dispose() => _directory.Dispose();

    static async Task<double> ApartAsync(RunningDaemon daemon, string[] users)
    {
        var quickest = users.ToDictionary(u => u, _ => TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var user in users)
            {
                var clock = Stopwatch.StartNew();
                Assert.Equal("NO authentication failed", await daemon.AskAsync(user, "falsch"));
                quickest[user] = TimeSpan.FromTicks(Math.Min(clock.Elapsed.Ticks, quickest[user].Ticks));
            }
        }
        return quickest.Values.Max() / quickest.Values.Min();
    }
}
