using System.Text;
using AuthServer.Tests.Mechanisms;
using AuthServer.Tests.Peers;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Tests.Passdb;

/// <summary>Hashes that need 64 MiB each, more of them at once than the machine could hold: the program in a process of its own.</summary>
public sealed class HashFloodTests
{
    const int Logins = 400;
    const long HashMegabytes = 64, Slack = 96;

    [Fact]
    public async Task Hash_cost_as_a_denial_of_service_a_flood_keeps_within_the_memory_of_one_hash_a_core()
    {
        await using var server = new RunningServer();
        new Sasldb(server["secrets.db"]).Set("alice", "", Sasldb.PasswordKind, PasswordScheme.Make("ARGON2ID", "wonderland"u8, "", 1)!);
        await server.StartAsync();
        await using var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!);
        Assert.True((await SaslLogin.RunAsync(client, "PLAIN", "alice", "wonderland")).IsOk);
        var before = Peak(server.Pid);
        var results = await Task.WhenAll(Enumerable.Range(0, Logins).Select(i => SaslLogin.RunAsync(client, "PLAIN", i % 2 == 0 ? "alice" : "nobody", "wonderland")));
        var most = Peak(server.Pid) - before;
        // One hash was in what was seen before.
        Assert.InRange(most, 0, (HashMegabytes * (Environment.ProcessorCount - 1)) + Slack);
        // Each was answered: right, wrong, or come back later.
        Assert.Contains(results, r => r.IsOk);
        Assert.All(results, r => Assert.True(r.IsOk || r.IsTemporary || r.Status == AuthStatus.Failed));
        Assert.Contains(results, r => r.IsTemporary);
        Assert.True((await SaslLogin.RunAsync(client, "PLAIN", "alice", "wonderland")).IsOk);
    }

    /// <summary>The most memory that the process has had, in MiB.</summary>
    static long Peak(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) >> 10;
    }
}
