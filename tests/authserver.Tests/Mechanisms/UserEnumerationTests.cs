using System.Diagnostics;
using System.Text;
using Sasl.Credentials.Schemes;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;
using Xunit.Abstractions;

namespace AuthServer.Tests.Mechanisms;

/// <summary>
/// User enumeration by time, over the auth socket. Other work on the machine only makes an answer slower, so the quick quarter of many answers is compared,
/// known and unknown users by turns; the slower kind may take at most 1.35 times as long as the other in the best of a few attempts. A server that gives
/// itself away fails each of them: what it would save for an unknown user is several times as much.
/// </summary>
public sealed class UserEnumerationTests(ITestOutputHelper output)
{
    const double MostApart = 1.35;
    const int Attempts = 8;

    [Theory]
    [InlineData("PLAIN", "PLAIN", 300)]
    [InlineData("PLAIN", "SSHA256", 300)]
    [InlineData("PLAIN", "SHA512-CRYPT", 60)]
    [InlineData("PLAIN", "YESCRYPT", 8)]
    [InlineData("PLAIN", "BLF-CRYPT", 5)]
    [InlineData("PLAIN", "ARGON2ID", 4)]
    [InlineData("PLAIN", "PBKDF2", 12)]
    [InlineData("PLAIN", "SCRAM-SHA-256", 40)]
    [InlineData("SCRAM-SHA-256", "PLAIN", 40)]
    [InlineData("SCRAM-SHA-256", "SCRAM-SHA-256", 60)]
    [InlineData("SCRAM-SHA-1", "SCRAM-SHA-1 SCRAM-SHA-256 SHA512-CRYPT", 60)]
    [InlineData("CRAM-MD5", "PLAIN", 300)]
    [InlineData("CRAM-MD5", "CRAM-MD5", 300)]
    public async Task User_enumeration_by_time_unknown_users_take_as_long_as_known_ones(string mechanism, string schemes, int rounds)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "plain cram-md5 scram-sha-1 scram-sha-256").With(DovecotConf.AuthVerbose, "no"));
        var database = new Sasldb(server["secrets.db"]);
        database.Delete("alice", "");
        foreach (var user in new[] { "alice", "carol", "david" })
        {
            foreach (var text in schemes.Split(' ').Select(s => PasswordScheme.Make(s, Encoding.UTF8.GetBytes($"password of {user}"), user)!))
                database.Set(user, "", Sasldb.KindOf(text), text);
        }
        await using var client = new AuthClient(AuthAddress.TryParse(server.Listen().Client)!);
        var ratio = double.MaxValue;
        for (var attempt = 0; attempt < Attempts && ratio > MostApart; attempt++)
            ratio = Math.Min(ratio, await ApartAsync(client, mechanism, rounds));
        Assert.InRange(ratio, 1, MostApart);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-1")]
    public async Task User_enumeration_by_a_challenge_it_has_the_rounds_of_most_users_and_is_the_same_after_a_restart(string mechanism)
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-1 scram-sha-256").With(DovecotConf.AuthScramIterations, "9999"));
        var database = new Sasldb(server["secrets.db"]);
        foreach (var user in new[] { "alice", "carol", "david" })
            database.Set(user, "", mechanism.ToLowerInvariant(), PasswordScheme.Make(mechanism, "secret"u8, "", 4567)!);
        var path = server.Listen().Client;
        await using var client = new AuthClient(AuthAddress.TryParse(path)!);
        await Testing.Eventually.TrueAsync(() => server.Host.Passdbs.UsualIterations == 4567, "the users were looked at");
        var first = await ChallengeAsync(client, mechanism, "nobody");
        Assert.EndsWith(",i=4567", first);
        Assert.Equal(first, await ChallengeAsync(client, mechanism, "nobody"));
        Assert.NotEqual(first, await ChallengeAsync(client, mechanism, "noone"));
        Assert.EndsWith(",i=4567", await ChallengeAsync(client, mechanism, "carol"));

        using var again = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-1 scram-sha-256").With(DovecotConf.AuthScramIterations, "4567")
            .With(DovecotConf.AuthStateDir, server["state"]));
        await using var other = new AuthClient(AuthAddress.TryParse(again.Listen().Client)!);
        Assert.Equal(first, await ChallengeAsync(other, mechanism, "nobody"));
    }

    /// <summary>Salt and rounds of the first challenge.</summary>
    static async Task<string> ChallengeAsync(AuthClient client, string mechanism, string user)
    {
        var seen = "";
        await client.AuthenticateAsync(mechanism, new("imap") { InitialResponse = Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"n,,n={user},r=abcdefghijklmnop"))) }, challenge =>
        {
            seen = Encoding.UTF8.GetString(Convert.FromBase64String(challenge));
            return new((byte[]?)null);
        }, default);
        return seen[(seen.IndexOf(",s=", StringComparison.Ordinal) + 1)..];
    }

    async Task<double> ApartAsync(AuthClient client, string mechanism, int rounds)
    {
        string[] users = ["alice", "bob", "carol", "mallory"];
        var times = users.ToDictionary(u => u, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var user in users)
            {
                var clock = Stopwatch.GetTimestamp();
                Assert.False((await SaslLogin.RunAsync(client, mechanism, user, "wrong password")).IsOk);
                times[user].Add(Stopwatch.GetElapsedTime(clock).TotalMicroseconds);
            }
        }
        double Quick(params string[] of) => times.Where(t => of.Contains(t.Key)).SelectMany(t => t.Value).Order().ElementAt(rounds / 2);
        var (known, unknown) = (Quick("alice", "carol"), Quick("bob", "mallory"));
        output.WriteLine($"known {known:0} us, unknown {unknown:0} us");
        return Math.Max(known / unknown, unknown / known);
    }
}
