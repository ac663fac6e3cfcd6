using System.Net.Sockets;
using System.Text;
using AuthServer.Tests.Peers;
using Sasl.Credentials.Sources;
using Sasl.Hosting.Configuration;
using Sasl.Mechanisms;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Defence;

/// <summary>The defence through the sockets, and in the program itself.</summary>
public sealed class DefenceServerTests
{
    const string Here = "192.0.2.7";

    static string Auth(int id, string user, string password, string from = Here) => $"AUTH\t{id}\tPLAIN\tservice=smtp\trip={from}\tresp={TestServer.Plain(user, password)}\n";

    static async Task<StreamReader> GreetAsync(Stream stream)
    {
        var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line && line != "DONE")
        {
        }
        await stream.WriteAsync("VERSION\t1\t2\nCPID\t1\n"u8.ToArray());
        return reader;
    }

    [Fact]
    public async Task Brute_force_in_parallel_200_guesses_at_once_are_ten_looks_at_the_password()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthFailureDelay, "1 secs"));
        await using var stream = server.Connect();
        var reader = await GreetAsync(stream);
        // The right one is the last of them; 200 guesses in one write.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(1, 200).Select(i => Auth(i, "alice", i == 200 ? TestServer.Password : $"guess{i}")))));
        for (var i = 0; i < 200; i++)
            Assert.Matches("^FAIL\t[0-9]+\tuser=alice$", await reader.ReadLineAsync());
        Assert.Equal(10, server.Log.Lines.Count(l => l == "Information: sasldb(alice,192.0.2.7): Password mismatch"));
        Assert.Equal(190, server.Log.Lines.Count(l => l == "Information: auth(alice,192.0.2.7): too many wrong passwords for this user from this address"));
        Assert.Single(server.Log.Lines, l => l.StartsWith("Warning: auth(alice,192.0.2.7): refused without looking at the password"));
        // From elsewhere alice logs in, and where she does she goes on to.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Auth(201, "alice", TestServer.Password, "198.51.100.4")));
        Assert.StartsWith("OK\t201\tuser=alice", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Cancelled_and_dropped_logins_hold_nothing_back()
    {
        using var server = new TestServer();
        for (var round = 0; round < 3; round++)
        {
            await using var stream = server.Connect();
            await GreetAsync(stream);
            var lines = string.Concat(Enumerable.Range(1, 30).Select(i => $"AUTH\t{i}\tLOGIN\tservice=smtp\trip={Here}\nCANCEL\t{i}\n"));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(lines));
        }
        await Eventually.TrueAsync(() => server.Host.Clients.Count == 0, "the connections have ended");
        await using var last = server.Connect();
        var reader = await GreetAsync(last);
        await last.WriteAsync(Encoding.ASCII.GetBytes(Auth(1, "alice", TestServer.Password)));
        Assert.StartsWith("OK\t1\tuser=alice", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Half_finished_exchanges_are_given_back_when_their_connection_goes()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "plain scram-sha-256"));
        await using (var stream = server.Connect())
        {
            var reader = await GreetAsync(stream);
            for (var i = 1; i <= 10; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH\t{i}\tSCRAM-SHA-256\tservice=imap\trip={Here}\tresp={Convert.ToBase64String("n,,n=alice,r=abc"u8)}\n"));
                Assert.StartsWith($"CONT\t{i}\t", await reader.ReadLineAsync());
            }
            Assert.Contains("address_user: 0.0 of 10, 10 under way", server.Host.Defence!.Explain("alice", Here));
        }
        await Eventually.TrueAsync(() => server.Host.Defence!.Explain("alice", Here).Contains("address_user: 0.0 of 10"), "the places are free again");
    }

    /// <summary>A challenge that changes with the refusal would tell that the user exists: made-up salts never change.</summary>
    [Fact]
    public async Task User_enumeration_who_is_held_back_sees_the_challenge_that_he_always_saw()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-256"));
        // Keys with a salt of their own: that of a cleartext password is made up as an unknown user's is.
        var secrets = new Sasldb(server["secrets.db"]);
        secrets.Delete("alice", "");
        secrets.Set("alice", "", "SCRAM-SHA-256", ScramSecretText.Format(ScramSecret.Derive(ScramHash.Sha256, "wonderland"u8, "0123456789abcdef"u8.ToArray(), 4096), ScramForm.Dovecot));
        await using var stream = server.Connect();
        var reader = await GreetAsync(stream);
        var salts = new Dictionary<string, HashSet<string>>();
        for (var i = 1; i <= 60; i++)
        {
            var user = i % 2 == 0 ? "alice" : "nobody";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH\t{i}\tSCRAM-SHA-256\tservice=imap\trip={Here}\tresp={Convert.ToBase64String(Encoding.ASCII.GetBytes($"n,,n={user},r=abc"))}\n"));
            var challenge = Encoding.ASCII.GetString(Convert.FromBase64String((await reader.ReadLineAsync())!.Split('\t')[2]));
            var nonce = challenge.Split(',')[0][2..];
            if (!salts.TryGetValue(user, out var seen))
                salts[user] = seen = [];
            seen.Add(challenge[(challenge.IndexOf(',') + 1)..]);
            var final = $"c=biws,r={nonce},p={Convert.ToBase64String(new byte[32])}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONT\t{i}\t{Convert.ToBase64String(Encoding.ASCII.GetBytes(final))}\n"));
            Assert.Equal($"FAIL\t{i}\tuser={user}", await reader.ReadLineAsync());
        }
        Assert.Equal((1, 1), (salts["alice"].Count, salts["nobody"].Count));
        Assert.Contains("s=MDEyMzQ1Njc4OWFiY2RlZg==,i=4096", salts["alice"]);
        Assert.Contains(server.Log.Lines, l => l.Contains("auth(alice,192.0.2.7): too many wrong passwords"));
    }

    [Fact]
    public async Task Mailctls_questions_are_answered_on_the_master_socket()
    {
        using var server = new TestServer();
        var (client, path, userdb) = server.Listen();
        var master = AuthAddress.TryParse(path)!;
        await using (var guesser = new AuthClient(AuthAddress.TryParse(client)!))
        {
            for (var i = 0; i < 12; i++)
            {
                await guesser.AuthenticateAsync("PLAIN", new("imap") { RemoteAddress = Here, NoLogin = true, InitialResponse = Encoding.ASCII.GetBytes(TestServer.Plain("alice", $"no{i}")) },
                    _ => throw new InvalidOperationException(), default);
            }
        }
        var answer = await AuthMasterQuestion.AskAsync(master, "WHY", ["ALICE", Here], TimeSpan.FromSeconds(20));
        Assert.Contains(answer, l => l is ["WHY", "1", "address_user: 10.0 of 10, full"]);
        Assert.Equal("DONE", answer[^1][0]);
        Assert.Equal(["OK", "1", "2"], (await AuthMasterQuestion.AskAsync(master, "UNBAN", ["Alice"], TimeSpan.FromSeconds(20)))[^1]);
        Assert.Contains(await AuthMasterQuestion.AskAsync(master, "WHY", ["alice", Here], TimeSpan.FromSeconds(20)), l => l is ["WHY", "1", "a login would be let to its password"]);
        Assert.Equal(["OK", "1", "2"], (await AuthMasterQuestion.AskAsync(master, "UNBAN", [Here], TimeSpan.FromSeconds(20)))[^1][..3]);
        await Assert.ThrowsAsync<IOException>(() => AuthMasterQuestion.AskAsync(AuthAddress.TryParse(userdb)!, "WHY", ["alice"], TimeSpan.FromSeconds(20)));
        await Assert.ThrowsAsync<IOException>(() => AuthMasterQuestion.AskAsync(master, "WHY", ["alice", "not an address"], TimeSpan.FromSeconds(20)));
    }

    /// <summary>The program, killed in the middle: its successor knows what was counted up to 15 seconds before, and no name or password is on the disk.</summary>
    [Fact]
    public async Task A_killed_server_comes_back_with_what_it_had_counted()
    {
        await using var server = new RunningServer();
        await server.StartAsync();
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            for (var i = 0; i < 12; i++)
                Assert.False((await LogInAsync(client, $"wrong-{i}")).IsOk);
        }
        var state = server["state/defence.state"];
        await Eventually.TrueAsync(() => File.Exists(state), "the counters are written", TimeSpan.FromSeconds(60));
        await server.KillAsync();
        await server.StartAsync();
        await using (var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!))
        {
            Assert.False((await LogInAsync(client, TestServer.Password)).IsOk);
            Assert.True((await LogInAsync(client, TestServer.Password, "198.51.100.4")).IsOk);
        }
        await server.StopAsync();
        // The last login before the end is kept too.
        await server.StartAsync();
        Assert.Contains(await AuthMasterQuestion.AskAsync(AuthAddress.TryParse(server["s/auth-master"])!, "WHY", ["alice", "198.51.100.9"], TimeSpan.FromSeconds(20)),
            l => l[^1].StartsWith("alice has logged in from 198.51.100.0/24 before"));
        var bytes = Encoding.Latin1.GetString(File.ReadAllBytes(state));
        foreach (var secret in new[] { "alice", "wrong-1", TestServer.Password })
            Assert.DoesNotContain(secret, bytes);
    }

    /// <summary>SIGHUP: what was counted stays counted, under the new limits, and what happens is written down as before.</summary>
    [Fact]
    public async Task A_reload_forgets_nothing()
    {
        await using var server = await RunningServer.StartedAsync();
        await using var client = new AuthClient(AuthAddress.TryParse(server.ClientSocket)!);
        for (var i = 0; i < 5; i++)
            Assert.False((await LogInAsync(client, $"wrong-{i}")).IsOk);
        await server.HangUpAsync(File.ReadAllText(server["dovecot.conf"]) + "\nauth_limit_address_user = 5\n", "configuration reloaded");
        Assert.False((await LogInAsync(client, TestServer.Password)).IsOk);
        Assert.Contains("too many wrong passwords for this user from this address", server.Log);
        Assert.True((await LogInAsync(client, TestServer.Password, "198.51.100.4")).IsOk);
        await server.HangUpAsync(File.ReadAllText(server["dovecot.conf"]) + "\nauth_limit_guessing = no\n", "configuration reloaded");
        Assert.True((await LogInAsync(client, TestServer.Password)).IsOk);
        await server.StopAsync();
        Assert.Equal(10, File.ReadAllLines(server["state/audit.log"]).Length);
        Assert.True(File.Exists(server["state/defence.state"]));
    }

    [Fact]
    public async Task Who_goes_when_he_has_seen_that_his_guess_is_right_does_not_pass_unseen()
    {
        using var server = new TestServer(s => s.With(DovecotConf.AuthMechanisms, "scram-sha-256"));
        server.Listen();
        await using (var stream = server.Connect())
        {
            var reader = await GreetAsync(stream);
            using var session = new SaslClientSession(SaslMechanisms.Find("SCRAM-SHA-256")!, new ClientCredentials("alice", "", Encoding.ASCII.GetBytes(TestServer.Password)));
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH\t1\tSCRAM-SHA-256\tservice=imap\trip={Here}\tresp={Convert.ToBase64String((await session.StartAsync()).Message!)}\n"));
            var next = await session.StepAsync(Convert.FromBase64String((await reader.ReadLineAsync())!.Split('\t')[2]));
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONT\t1\t{Convert.ToBase64String(next.Message!)}\n"));
            // The server's proof; the client has what it wanted.
            Assert.StartsWith("CONT\t1\t", await reader.ReadLineAsync());
        }
        await Eventually.TrueAsync(() => server.Host.Clients.Count == 0, "the connection has ended");
        server.Stop();
        Assert.Contains(File.ReadAllLines(server["state/audit.log"]), l => l.Contains("\"result\":\"ok\",\"user\":\"alice\"") && l.Contains("the client went when its password was proven"));
    }

    static Task<AuthResult> LogInAsync(AuthClient client, string password, string from = Here) => client.AuthenticateAsync("PLAIN",
        new("imap") { RemoteAddress = from, NoLogin = true, InitialResponse = Encoding.ASCII.GetBytes(TestServer.Plain("alice", password)) }, _ => throw new InvalidOperationException(), default);
}
