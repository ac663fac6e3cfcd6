// Invariants of this file:
//  * No login waits for it: it begins when the answer is out, and hashes when nothing else is to be hashed.
//  * What somebody has changed since the password was compared is left alone.
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sasl.Credentials;
using Sasl.Credentials.Schemes;

namespace AuthServer.Passdb;

/// <summary>auth_upgrade_passwords: stores better what has proven right.</summary>
sealed class PasswordUpgrades(HashWorkers hashing, int iterations, ILogger log, TimeProvider time)
{
    /// <summary>Passwords that are held at once. Who finds no place has it done at another login.</summary>
    const int MostWaiting = 64;

    const long Memory = 16L << 20;

    static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30), _pause = TimeSpan.FromMinutes(5);

    readonly ConcurrentDictionary<(string Passdb, string User), byte> _underWay = new();
    readonly ConcurrentDictionary<PassdbEntry, long> _refused = new();

    /// <summary>Takes the upgrade over, and does it in a while. It is no failure of anybody when it cannot be done.</summary>
    public async void Begin(PasswordUpgrade upgrade)
    {
        using (upgrade)
        {
            var key = (upgrade.Entry.Name, upgrade.Login.User);
            // A database that cannot be written says no each time; so does nobody else.
            if (_refused.TryGetValue(upgrade.Entry, out var when) && time.GetElapsedTime(when) < _pause)
                return;
            if (_underWay.Count >= MostWaiting || !_underWay.TryAdd(key, 0))
                return;
            try
            {
                await StoreAsync(upgrade);
            }
            catch (Exception failure)
            {
                log.NotUpgraded(upgrade.Entry.Name, upgrade.Login.Who, failure is OperationCanceledException ? "it took too long" : failure.Message);
            }
            finally
            {
                _underWay.TryRemove(key, out _);
            }
        }
    }

    async Task StoreAsync(PasswordUpgrade upgrade)
    {
        if (hashing.TryRunInBackground(() => upgrade.Make(iterations), memory: Memory) is not { } work || await work is not { } better)
            return;
        using var late = new CancellationTokenSource(_deadline, time);
        // A database may have no place for keys beside the hash.
        IReadOnlyList<string>[] choices = better.Count > upgrade.Stored.Count && !better.Take(upgrade.Stored.Count).SequenceEqual(upgrade.Stored)
            ? [better, [.. better.Take(upgrade.Stored.Count)]] : [better];
        foreach (var forms in choices)
        {
            if (!await upgrade.Entry.Passdb.ReplaceAsync(upgrade.Login, upgrade.Stored, forms, late.Token))
                continue;
            log.Upgraded(upgrade.Entry.Name, upgrade.Login.Who, Names(upgrade.Stored), Names(forms));
            return;
        }
        _refused[upgrade.Entry] = time.GetTimestamp();
    }

    static string Names(IEnumerable<string> stored) => string.Join(", ", stored.Select(PasswordScheme.NameOf));
}
