using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sql;

/// <summary>
/// A SQLite file. It is read only, but for an update that was configured. Connections and their compiled queries are kept, and given up when another file has
/// taken the name. It has threads of its own: SQLite waits for a writer by sleeping, and that must hold up nobody else.
/// </summary>
sealed class SqliteDatabase : ISqlDatabase
{
    const int Threads = 2, LongestQueue = 256, MostIdle = 4;

    readonly string _path;
    readonly HashWorkers _workers = new(Threads, LongestQueue);
    readonly ConcurrentBag<SqliteOpened> _idle = [];

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    SqliteDatabase(string path) => _path = path;

    /// <exception cref="FormatException">The path cannot be used.</exception>
    public static ISqlDatabase Of(string connect) => connect.StartsWith('/') ? new SqliteDatabase(connect) : throw new FormatException("connect: not an absolute path");

    public SqlDialect Dialect => SqlDialect.Sqlite;

    public ValueTask<SqlResult> QueryAsync(SqlStatement statement, string?[] values, int most, TimeSpan patience, CancellationToken stop) =>
        RunAsync(statement, s => Query(statement, values, most, s), patience, stop);

    public ValueTask<int> ExecuteAsync(SqlStatement statement, string?[] values, TimeSpan patience, CancellationToken stop) =>
        RunAsync(statement, s => Execute(statement, values, s), patience, stop);

    public void Dispose()
    {
        _workers.Dispose();
        while (_idle.TryTake(out var opened))
            opened.Dispose();
    }

    async ValueTask<T> RunAsync<T>(SqlStatement statement, Func<CancellationToken, T> work, TimeSpan patience, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(patience);
        try
        {
            return await (_workers.TryRun(() => work(late.Token), late.Token) ?? throw new SqlException("too many queries are waiting")).WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new SqlException($"{_path}: no answer in time");
        }
        catch (SqliteException failure)
        {
            throw new SqlException(statement.IsConfidential ? $"{_path}: SQLite error {failure.SqliteErrorCode}" : $"{_path}: {failure.Message}");
        }
    }

    /// <summary>On a thread of its own.</summary>
    SqlResult Query(SqlStatement statement, string?[] values, int most, CancellationToken stop)
    {
        // Behind a symbolic link the file can change unseen: nothing is kept then. An inode is not given to another file while we hold it open.
        var inode = Files.Status(_path) is { IsRegular: true } status ? status.Inode : 0;
        var opened = Take(inode) ?? SqliteOpened.Open(_path, SqliteOpenMode.ReadOnly, inode);
        try
        {
            var result = opened.Query(statement, values, most, stop);
            if (inode != 0 && _idle.Count < MostIdle)
            {
                _idle.Add(opened);
                opened = null;
            }
            return result;
        }
        finally
        {
            opened?.Dispose();
        }
    }

    int Execute(SqlStatement statement, string?[] values, CancellationToken stop)
    {
        using var opened = SqliteOpened.Open(_path, SqliteOpenMode.ReadWrite, 0);
        return opened.Execute(statement, values, stop);
    }

    SqliteOpened? Take(ulong inode)
    {
        while (_idle.TryTake(out var opened))
        {
            if (opened.Inode == inode)
                return opened;
            opened.Dispose();
        }
        return null;
    }
}
