using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Sasl.Credentials.Sql;
using Testing;

namespace Sasl.Credentials.Tests.Sql;

public sealed class SqliteDatabaseTests : IDisposable
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    static readonly SqlStatement _find = SqlStatement.Parse([SqlPiece.Of("SELECT name, word, age FROM users WHERE name = "), SqlPiece.Of(0)], SqlDialect.Sqlite);

    readonly TemporaryDirectory _directory = new();
    readonly ISqlDatabase _database;

    public SqliteDatabaseTests()
    {
        Make("users.db", "secret");
        _database = SqlDatabases.Open("sqlite", _directory["users.db"], TimeProvider.System);
    }

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    void Make(string name, string word)
    {
        using var connection = Connect(name);
        Run(connection, $"CREATE TABLE users (name TEXT, word TEXT, age INTEGER); INSERT INTO users VALUES ('bob', '{word}', 42), ('eve', NULL, NULL), ('two', 'a', 1), ('two', 'b', 2)");
    }

    SqliteConnection Connect(string name)
    {
        var connection = new SqliteConnection($"Data Source={_directory[name]};Pooling=false");
        connection.Open();
        return connection;
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    async Task<string> FindAsync(string name)
    {
        try
        {
            var result = await _database.QueryAsync(_find, _find.Bind(_ => name), 1, _patience, default);
            return result.Rows is [var row] ? string.Join(' ', result.Columns.Zip(row).Select(c => $"{c.First}={c.Second ?? "NULL"}")) : "none";
        }
        catch (SqlException failure)
        {
            return failure.Message;
        }
    }

    [Fact]
    public async Task Rows_are_text_and_NULL()
    {
        Assert.Equal("name=bob word=secret age=42", await FindAsync("bob"));
        Assert.Equal("name=eve word=NULL age=NULL", await FindAsync("eve"));
        Assert.Equal("none", await FindAsync("mallory"));
        Assert.Equal("more than one row", await FindAsync("two"));
    }

    [Theory]
    [InlineData("' OR '1'='1")]
    [InlineData("bob' --")]
    [InlineData("bob'; DROP TABLE users; --")]
    [InlineData("\\' OR 1=1 --")]
    [InlineData("bob\0")]
    [InlineData("$1")]
    public async Task Attack_sql_injection_sqlite_a_name_is_a_value(string name)
    {
        Assert.Equal("none", await FindAsync(name));
        Assert.Equal("name=bob word=secret age=42", await FindAsync("bob"));
    }

    [Fact]
    public async Task Another_file_under_the_name_counts_at_once_and_so_does_a_change()
    {
        Assert.Contains("word=secret", await FindAsync("bob"));
        using (var connection = Connect("users.db"))
            Run(connection, "UPDATE users SET word = 'changed'");
        Assert.Contains("word=changed", await FindAsync("bob"));
        Make("new.db", "replaced");
        File.Move(_directory["new.db"], _directory["users.db"], overwrite: true);
        Assert.Contains("word=replaced", await FindAsync("bob"));
        File.Delete(_directory["users.db"]);
        Assert.Equal($"{_directory["users.db"]}: SQLite Error 14: 'unable to open database file'.", await FindAsync("bob"));
        // A mere look makes no file.
        Assert.False(File.Exists(_directory["users.db"]));
    }

    [Fact]
    public async Task It_is_read_only_but_for_an_update()
    {
        var update = SqlStatement.Parse([SqlPiece.Of("UPDATE users SET word = "), SqlPiece.Of(0), SqlPiece.Of(" WHERE name = 'bob' AND word = "), SqlPiece.Of(1)], SqlDialect.Sqlite);
        await Assert.ThrowsAsync<SqlException>(async () => await _database.QueryAsync(update, ["x", "secret"], 1, _patience, default));
        Assert.Equal(0, await _database.ExecuteAsync(update, ["new", "not it"], _patience, default));
        Assert.Equal(1, await _database.ExecuteAsync(update, ["new", "secret"], _patience, default));
        Assert.Contains("word=new", await FindAsync("bob"));
    }

    [Fact]
    public async Task A_query_without_an_end_is_ended_and_the_next_is_answered()
    {
        var endless = SqlStatement.Parse([SqlPiece.Of("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n WHERE x < "), SqlPiece.Of(0)], SqlDialect.Sqlite);
        var asked = Enumerable.Range(0, 4).Select(_ => _database.QueryAsync(endless, ["0"], 1, TimeSpan.FromSeconds(0.5), default).AsTask()).ToArray();
        foreach (var one in asked)
            Assert.Equal($"{_directory["users.db"]}: no answer in time", (await Assert.ThrowsAsync<SqlException>(() => one)).Message);
        Assert.Contains("word=secret", await FindAsync("bob"));
    }

    [Fact]
    public async Task Locked_by_another_is_a_failure_in_time_and_free_again_is_an_answer()
    {
        using var other = Connect("users.db");
        Run(other, "BEGIN EXCLUSIVE");
        Assert.Contains("locked", await FindAsync("bob"));
        Run(other, "COMMIT");
        Assert.Contains("word=secret", await FindAsync("bob"));
    }

    [Fact]
    public async Task Who_gives_up_hears_no_more()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _database.QueryAsync(_find, ["bob"], 1, _patience, stop.Token));
    }
}
