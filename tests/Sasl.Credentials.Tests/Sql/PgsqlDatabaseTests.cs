using Sasl.Credentials.Sql;
using Testing;

namespace Sasl.Credentials.Tests.Sql;

/// <summary>A cluster for all tests of the class that do not hurt it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public const string Schema =
        "CREATE TABLE users (name text PRIMARY KEY, word varchar(200), age integer, active boolean, at timestamptz); INSERT INTO users SELECT 'user' || i, 'word' || i, i, true, NULL FROM generate_series(1, 200) i";

    public RunningPostgres? Server { get; private set; }

    public async Task InitializeAsync()
    {
        if (File.Exists(RunningPostgres.Program))
            Server = await RunningPostgres.StartAsync(Schema, "CREATE ROLE auth LOGIN PASSWORD 'its secret'; GRANT SELECT, UPDATE ON users TO auth");
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }
}

public sealed class PgsqlDatabaseTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    static readonly SqlStatement _find = Parse("SELECT name, word, age, active, at FROM users WHERE name = '", 0, "'");

    RunningPostgres Server => fixture.Server!;

    string Tcp => $"host=127.0.0.1 port={Server.Port} dbname=postgres user=auth password='its secret' sslmode=prefer";

    static SqlStatement Parse(params object[] pieces) => SqlStatement.Parse(pieces.Select(p => p is string text ? SqlPiece.Of(text) : SqlPiece.Of((int)p)), SqlDialect.Pgsql);

    static ISqlDatabase Open(string connect) => SqlDatabases.Open("pgsql", connect, TimeProvider.System);

    static async Task<string> FindAsync(ISqlDatabase database, string name, SqlStatement? statement = null, double patience = 5)
    {
        try
        {
            var result = await database.QueryAsync(statement ?? _find, (statement ?? _find).Bind(_ => name), 1, TimeSpan.FromSeconds(patience), default);
            return result.Rows is [var row] ? string.Join(' ', result.Columns.Zip(row).Select(c => $"{c.First}={c.Second ?? "NULL"}")) : "none";
        }
        catch (SqlException failure)
        {
            return failure.Message;
        }
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task A_role_with_a_password_over_TCP_and_one_without_on_the_socket()
    {
        foreach (var connect in (string[])[Tcp, $"host={Server.Sockets} port={Server.Port} dbname=postgres user=owner"])
        {
            using var database = Open(connect);
            Assert.Equal("name=user7 word=word7 age=7 active=t at=NULL", await FindAsync(database, "user7"));
            Assert.Equal("none", await FindAsync(database, "mallory"));
        }
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task A_wrong_password_is_a_failure_and_is_not_repeated()
    {
        using var database = Open(Tcp.Replace("its secret", "not this one"));
        var said = await FindAsync(database, "user7");
        Assert.Contains("password authentication failed for user \"auth\" (SQLSTATE 28P01)", said);
        Assert.DoesNotContain("not this one", said);
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task Values_are_of_the_type_that_stands_beside_them()
    {
        using var database = Open(Tcp);
        Assert.Equal("word=word7", await FindAsync(database, "7", Parse("SELECT word FROM users WHERE age = '", 0, "'")));
        Assert.Equal("user=7@x", await FindAsync(database, "7", Parse("SELECT '", 0, "@x' AS user")));
        Assert.Equal("x=7y", await FindAsync(database, "7", Parse("SELECT '", 0, "' || 'y' AS x")));
        Assert.Equal("name=user7", await FindAsync(database, "USER7", Parse("SELECT name FROM users WHERE name = lower('", 0, "')")));
        Assert.Contains("invalid input syntax for type integer: \"x\" (SQLSTATE 22P02)", await FindAsync(database, "x", Parse("SELECT word FROM users WHERE age = '", 0, "'")));
        var secret = SqlStatement.Parse([SqlPiece.Of("SELECT word FROM users WHERE age = "), SqlPiece.Of(0)], SqlDialect.Pgsql, isConfidential: true);
        Assert.EndsWith(": SQLSTATE 22P02", await FindAsync(database, "topsecret", secret));
        Assert.Equal("more than one row", await FindAsync(database, "", Parse("SELECT name FROM users WHERE name <> '", 0, "'")));
    }

    [RequiresTheory(program: RunningPostgres.Program)]
    [InlineData("' OR '1'='1")]
    [InlineData("user7' --")]
    [InlineData("user7'; DROP TABLE users; --")]
    [InlineData("\\' OR 1=1 --")]
    [InlineData("$1")]
    [InlineData("user7\\")]
    [InlineData("\u02BC OR 1=1")]
    public async Task Attack_sql_injection_pgsql_a_name_is_a_value(string name)
    {
        using var database = Open(Tcp);
        Assert.Equal("none", await FindAsync(database, name));
        Assert.Equal($"v={name}", await FindAsync(database, name, Parse("SELECT '", 0, "' AS v")));
        Assert.StartsWith("name=user7", await FindAsync(database, "user7"));
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task Identity_mix_up_each_of_many_at_once_gets_his_own_row()
    {
        using var database = Open(Tcp);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async worker =>
        {
            for (var i = 1; i <= 50; i++)
            {
                var number = (worker * 50 + i) % 200 + 1;
                // Some give up in the middle: what was theirs reaches nobody else.
                using var stop = new CancellationTokenSource();
                if (i % 7 == 0)
                    stop.CancelAfter(TimeSpan.FromMilliseconds(1));
                try
                {
                    var result = await database.QueryAsync(_find, _find.Bind(_ => $"user{number}"), 1, _patience, stop.Token);
                    Assert.Equal($"user{number} word{number} {number} t ", string.Join(" ", Assert.Single(result.Rows)));
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                }
            }
        }));
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task A_slow_query_ends_in_time_and_takes_no_connection_from_the_others()
    {
        using var database = Open(Tcp + " maxconns=2");
        var slow = FindAsync(database, "30", Parse("SELECT pg_sleep('", 0, "')"), 1);
        Assert.StartsWith("name=user7", await FindAsync(database, "user7"));
        Assert.EndsWith("no answer in time", await slow);
        Assert.StartsWith("name=user8", await FindAsync(database, "user8"));
        // All connections are in use: the next one waits for his time, and no longer.
        var both = new[] { FindAsync(database, "30", Parse("SELECT pg_sleep('", 0, "')"), 3), FindAsync(database, "30", Parse("SELECT pg_sleep('", 0, "')"), 3) };
        Assert.Contains("in time", await FindAsync(database, "user7", patience: 0.3));
        await Task.WhenAll(both);
        Assert.StartsWith("name=user9", await FindAsync(database, "user9"));
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task The_next_server_answers_when_one_is_not_there()
    {
        var none = RunningPostfix.FreePort();
        using var database = Open($"host=127.0.0.1,127.0.0.1 port={none},{Server.Port} dbname=postgres user=auth password='its secret'");
        for (var i = 1; i <= 20; i++)
            Assert.StartsWith($"name=user{i} ", await FindAsync(database, $"user{i}"));
        using var nobody = Open($"host=127.0.0.1 port={none} user=auth");
        Assert.Equal($"127.0.0.1:{none}: ConnectionRefused", await FindAsync(nobody, "user1"));
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task A_server_that_takes_connections_and_says_nothing_is_passed_over()
    {
        using var deaf = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        deaf.Start();
        var port = ((System.Net.IPEndPoint)deaf.LocalEndpoint).Port;
        using var database = Open($"host=127.0.0.1,127.0.0.1 port={port},{Server.Port} dbname=postgres user=auth password='its secret'");
        Assert.StartsWith("name=user1 ", await FindAsync(database, "user1"));
        using var alone = Open($"host=127.0.0.1 port={port} dbname=postgres user=auth password='its secret'");
        Assert.EndsWith("no answer in time", await FindAsync(alone, "user1", patience: 0.5));
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task Killed_frozen_and_back_again()
    {
        await using var server = await RunningPostgres.StartAsync(PostgresFixture.Schema);
        using var database = Open($"host={server.Sockets} port={server.Port} dbname=postgres user=owner");
        await Task.WhenAll(Enumerable.Range(1, 5).Select(async i => Assert.StartsWith($"name=user{i} ", await FindAsync(database, $"user{i}"))));
        await server.KillAsync();
        Assert.StartsWith($"{server.Sockets}:{server.Port}: ", await FindAsync(database, "user1"));
        await server.StartAgainAsync();
        Assert.StartsWith("name=user1 ", await FindAsync(database, "user1"));
        // Restarted between two questions: the connections of before are of no use and nobody notices.
        await Task.WhenAll(Enumerable.Range(1, 5).Select(async i => Assert.StartsWith($"name=user{i} ", await FindAsync(database, $"user{i}"))));
        await server.KillAsync();
        await server.StartAgainAsync();
        for (var i = 1; i <= 10; i++)
            Assert.StartsWith($"name=user{i} ", await FindAsync(database, $"user{i}"));
        await server.FreezeAsync(true);
        try
        {
            Assert.EndsWith("no answer in time", await FindAsync(database, "user1", patience: 1));
        }
        finally
        {
            await server.FreezeAsync(false);
        }
        await Eventually.TrueAsync(async () => (await FindAsync(database, "user1")).StartsWith("name=user1 ", StringComparison.Ordinal), "an answer after the freeze");
    }

    [RequiresFact(program: RunningPostgres.Program)]
    public async Task An_update_is_made_once()
    {
        using var database = Open(Tcp);
        var update = Parse("UPDATE users SET word = '", 0, "' WHERE name = 'user200' AND word = '", 1, "'");
        var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => database.ExecuteAsync(update, [$"new{i}", "word200"], _patience, default).AsTask()));
        Assert.Equal(1, changed.Sum());
        await database.ExecuteAsync(Parse("UPDATE users SET word = '", 0, "' WHERE name = 'user200'"), ["word200"], _patience, default);
    }
}
