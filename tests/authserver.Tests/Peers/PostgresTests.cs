using System.Text;
using AuthServer.Composition;
using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;
using Testing;

namespace AuthServer.Tests.Peers;

/// <summary>The set-up of docs/auth-server/sql.md, as it stands there, with a real PostgreSQL and clients on the socket.</summary>
public sealed class PostgresTests : IAsyncLifetime
{
    readonly TemporaryDirectory _directory = new();
    RunningPostgres? _postgres;

    public async Task InitializeAsync()
    {
        if (!File.Exists(RunningPostgres.Program))
            return;
        _postgres = await RunningPostgres.StartAsync(
        [
            Guide("create table"),
            "INSERT INTO mailbox (local_part, domain, password, home, uid, gid) SELECT 'user' || i, 'example.org', '{PLAIN}secret' || i, '/var/mail/' || i, 2000 + i, 3000 FROM generate_series(1, 100) i",
            Guide("create role"),
        ]);
    }

    public async Task DisposeAsync()
    {
        _directory.Dispose();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    /// <summary>The code block of the guide that begins so, in any case.</summary>
    static string Guide(string beginning)
    {
        var blocks = File.ReadAllText(Path.Combine(Binaries.Root, "docs/auth-server/sql.md")).Split("```").Where((_, i) => i % 2 == 1).Select(b => b[(b.IndexOf('\n') + 1)..]);
        return blocks.Single(b => b.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The guide's files, read as the program reads them; only the place of the database is the test's.</summary>
    AuthServerSettings Configuration(params (string Name, string Value)[] changes)
    {
        var queries = Guide("# dovecot-sql.conf").Replace("host=/var/run/postgresql dbname=mail", $"host=127.0.0.1 port={_postgres!.Port} dbname=postgres");
        File.WriteAllText(_directory["dovecot-sql.conf"], $"{queries}\n{string.Concat(changes.Select(c => $"{c.Name} = {c.Value}\n"))}");
        File.SetUnixFileMode(_directory["dovecot-sql.conf"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(_directory["dovecot.conf"], "ssl = no\n" + Guide("passdb {").Replace("/etc/dovecot", _directory.Path));
        var problems = new List<Problem>();
        var read = DovecotCheck.Run(DovecotFile.Load(_directory["dovecot.conf"], problems), problems);
        Assert.Empty(problems);
        return AuthServerSettings.From(read);
    }

    TestServer Start(params (string, string)[] changes) => new(s =>
    {
        var read = Configuration(changes);
        return (s with { Passdbs = [.. read.Passdbs, .. s.Passdbs], Userdbs = read.Userdbs }).With(DovecotConf.AuthUsernameChars, "");
    });

    static async Task<AuthResult> LogInAsync(AuthClient client, string user, string password) =>
        await client.AuthenticateAsync("PLAIN", new AuthParameters("smtp") { InitialResponse = Encoding.ASCII.GetBytes(TestServer.Plain(user, password)) }, _ => new((byte[]?)null), default);

    static AuthAddress At(string path) => new(path, null, 0);

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task Identity_mix_up_of_many_users_at_once_each_is_himself_from_the_login_to_the_mailbox()
    {
        using var server = Start();
        var sockets = server.Listen();
        await using var masters = new AuthMasterClient(At(sockets.Master));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async worker =>
        {
            await using var client = new AuthClient(At(sockets.Client));
            await Task.WhenAll(Enumerable.Range(1, 60).Select(async i =>
            {
                var number = (i * 7 + worker) % 100 + 1;
                var isRight = i % 3 != 0;
                var result = await LogInAsync(client, $"user{number}@example.org", isRight ? $"secret{number}" : $"secret{number + 1}");
                Assert.Equal((isRight, $"user{number}@example.org"), (result.IsOk, result.User));
                if (result.Reference is not { } finished)
                    return;
                var user = await masters.RequestAsync(Environment.ProcessId, finished.RequestId, finished.Cookie, default);
                Assert.Equal(($"user{number}@example.org", (uint)(2000 + number), $"/var/mail/{number}"), (user.User, user.Uid, user.Home));
            }));
        }));
        // Without a login the userdb is asked itself.
        Assert.Equal("/var/mail/7", (await masters.UserAsync("user7@example.org", "lmtp", default)).Home);
        Assert.Equal(UserdbStatus.NotFound, (await masters.UserAsync("user7' OR true --@example.org", "lmtp", default)).Status);
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task A_database_that_is_down_is_a_temporary_failure_until_it_is_back()
    {
        using var server = Start();
        await using var client = new AuthClient(At(server.Listen().Client));
        Assert.True((await LogInAsync(client, "user1@example.org", "secret1")).IsOk);
        await _postgres!.KillAsync();
        Assert.True((await LogInAsync(client, "user1@example.org", "secret1")).IsTemporary);
        // Who is in another database gets in; who might be in this one is not told that his password is wrong.
        Assert.True((await LogInAsync(client, "alice", TestServer.Password)).IsOk);
        Assert.True((await LogInAsync(client, "alice", "wrong")).IsTemporary);
        await _postgres.StartAgainAsync();
        await Eventually.TrueAsync(async () => (await LogInAsync(client, "user1@example.org", "secret1")).IsOk, "a login after the restart");
        Assert.Equal((AuthStatus.Failed, false), (await LogInAsync(client, "alice", "wrong")) is var wrong ? (wrong.Status, wrong.IsTemporary) : default);
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task A_slow_query_holds_up_nobody_else()
    {
        // Whoever is called slow waits.
        using var server = Start(("password_query", "SELECT local_part AS username, domain, password, CASE WHEN '%n' LIKE 'slow%%' THEN pg_sleep(30)::text END AS x FROM mailbox WHERE local_part = replace('%n', 'slow', 'user') AND domain = '%d'"));
        var (clients, _, _) = server.Listen();
        await using var client = new AuthClient(At(clients));
        var slow = Enumerable.Range(1, 3).Select(i => LogInAsync(client, $"slow{i}@example.org", $"secret{i}")).ToArray();
        for (var i = 1; i <= 20; i++)
            Assert.True((await LogInAsync(client, $"user{i}@example.org", $"secret{i}")).IsOk);
        Assert.DoesNotContain(slow, s => s.IsCompleted);
        Assert.All(await Task.WhenAll(slow), s => Assert.True(s.IsTemporary));
        Assert.Contains(server.Log.Lines, l => l.Contains("sql(slow1@example.org): ") && l.Contains("no answer in time"));
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task A_stronger_form_takes_the_place_of_the_password()
    {
        using var server = Start();
        var passdb = server.Host.Passdbs.Passdbs[0].Passdb;
        var login = new AuthServer.Logins.LoginFacts("user50@example.org", "user50@example.org", new("imap", null, null));
        var changed = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => passdb.ReplaceAsync(login, ["{PLAIN}secret50"], [$"{{PLAIN}}new{i}", $"{{SCRAM-SHA-256}}{i}"], default).AsTask()));
        Assert.Equal(1, changed.Count(c => c));
        var row = await passdb.FindAsync(login, default);
        Assert.Equal(2, row.Passwords.Count);
        Assert.Equal(row.Passwords[0][^1], row.Passwords[1][^1]);
        Assert.Equal("{PLAIN}secret51", (await passdb.FindAsync(new("user51@example.org", "user51@example.org", login.Origin), default)).Passwords[0]);
    }
}
