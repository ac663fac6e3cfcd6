// Invariants of this file:
//  * No thread waits for a server, and no question waits longer than its patience.
//  * What a server said of one question is given to nobody else: a connection that did not finish one is closed.
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;

namespace Sasl.Credentials.Sql;

/// <summary>PostgreSQL, one server or several that hold the same: the first that is there is asked.</summary>
sealed class PgsqlDatabase : ISqlDatabase
{
    /// <summary>Questions that may wait for a connection.</summary>
    const int LongestQueue = 1000;

    /// <summary>While there are other servers to ask.</summary>
    static readonly TimeSpan _longestConnect = TimeSpan.FromSeconds(1.5);

    readonly PgsqlServer[] _servers;
    int _underWay;

    PgsqlDatabase(PgsqlServer[] servers) => _servers = servers;

    /// <exception cref="FormatException">The connect string cannot be used.</exception>
    public static ISqlDatabase Of(string connect, TimeProvider time)
    {
        try
        {
            return new PgsqlDatabase([.. PgsqlConnect.Read(connect).Select(c => new PgsqlServer(c, time))]);
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // Its text may repeat what was given.
            throw new FormatException("connect: a value cannot be used");
        }
    }

    public SqlDialect Dialect => SqlDialect.Pgsql;

    public ValueTask<SqlResult> QueryAsync(SqlStatement statement, string?[] values, int most, TimeSpan patience, CancellationToken stop) =>
        RunAsync(statement, values, canRepeat: true, (command, s) => ReadAsync(command, most, s), patience, stop);

    public ValueTask<int> ExecuteAsync(SqlStatement statement, string?[] values, TimeSpan patience, CancellationToken stop) =>
        RunAsync(statement, values, canRepeat: false, async (command, s) => await command.ExecuteNonQueryAsync(s), patience, stop);

    public void Dispose() => Array.ForEach(_servers, s => s.Dispose());

    async ValueTask<T> RunAsync<T>(SqlStatement statement, string?[] values, bool canRepeat, Func<NpgsqlCommand, CancellationToken, ValueTask<T>> run, TimeSpan patience, CancellationToken stop)
    {
        if (Interlocked.Increment(ref _underWay) > LongestQueue)
        {
            Interlocked.Decrement(ref _underWay);
            throw new SqlException("too many queries are waiting");
        }
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(patience);
        try
        {
            SqlException? last = null;
            var servers = _servers.OrderBy(s => s.IsResting).ToArray();
            for (var i = 0; i < servers.Length && !late.IsCancellationRequested; i++)
            {
                var (server, hasOthers) = (servers[i], i + 1 < servers.Length);
                var attempt = await AskAsync(server, statement, values, run, hasOthers, late.Token);
                // A connection from before a restart of the server: all that are left from then are gone now, and a new one is made.
                if (attempt is { Failure: not null, WasSent: true } && canRepeat && !late.IsCancellationRequested)
                    attempt = await AskAsync(server, statement, values, run, hasOthers, late.Token);
                if (attempt.Failure is null)
                    return attempt.Result!;
                last = attempt.Failure;
                if (attempt.IsFinal || (attempt.WasSent && !canRepeat))
                    break;
            }
            stop.ThrowIfCancellationRequested();
            throw last ?? new SqlException($"no answer within {patience.TotalSeconds:0.#} s");
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    async ValueTask<Attempt<T>> AskAsync<T>(PgsqlServer server, SqlStatement statement, string?[] values, Func<NpgsqlCommand, CancellationToken, ValueTask<T>> run, bool hasOthers, CancellationToken stop)
    {
        var wasSent = false;
        try
        {
            await using var connection = await OpenAsync(server, hasOthers, stop);
            await using var command = Command(connection, statement, values);
            wasSent = true;
            var result = await run(command, stop);
            server.Answered();
            return new(result, null, true, true);
        }
        catch (SqlException failure)
        {
            return new(default, failure, true, true);
        }
        catch (PostgresException refused) when (wasSent && !IsLeaving(refused.SqlState))
        {
            server.Answered();
            return new(default, new($"{server.Name}: {Told(refused, statement)}"), true, true);
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            if (wasSent && !stop.IsCancellationRequested)
                server.Source.Clear();
            else
                server.Failed();
            return new(default, new($"{server.Name}: {Told(failure, statement)}"), wasSent, false);
        }
    }

    static async ValueTask<NpgsqlConnection> OpenAsync(PgsqlServer server, bool hasOthers, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (hasOthers)
            late.CancelAfter(_longestConnect);
        // A server that takes the connection and says nothing is heard out for Npgsql's own time (PgsqlConnect); not by us.
        var opening = server.Source.OpenConnectionAsync(late.Token).AsTask();
        try
        {
            return await opening.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _ = CloseAsync(opening);
            throw;
        }
    }

    static async Task CloseAsync(Task<NpgsqlConnection> opening)
    {
        try
        {
            await using var connection = await opening;
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or TimeoutException or SocketException or IOException or ObjectDisposedException)
        {
            // It came to nothing.
        }
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, SqlStatement statement, string?[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is the administrator's; every value is bound.
        command.CommandText = statement.Text;
#pragma warning restore CA2100
        command.AllResultTypesAreUnknown = true;
        // Of no type, as a quoted literal is: the server finds the type that stands beside it.
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = (object?)value ?? DBNull.Value });
        return command;
    }

    static async ValueTask<SqlResult> ReadAsync(NpgsqlCommand command, int most, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        var columns = new string[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = reader.GetName(i);
        var rows = new List<string?[]>();
        while (await reader.ReadAsync(stop))
        {
            if (rows.Count == most)
                throw new SqlException(most == 1 ? "more than one row" : $"more than {most} rows");
            var row = new string?[columns.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
            rows.Add(row);
        }
        return new(columns, rows);
    }

    /// <summary>The server ends, is only beginning, or has no more connections: another may be better off.</summary>
    static bool IsLeaving(string state) => state is "57P01" or "57P02" or "57P03" or "57P05" or "53300" || state.StartsWith("08", StringComparison.Ordinal);

    static string Told(Exception failure, SqlStatement statement) => failure switch
    {
        PostgresException refused when statement.IsConfidential => $"SQLSTATE {refused.SqlState}",
        PostgresException refused => $"{refused.MessageText} (SQLSTATE {refused.SqlState})",
        OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException } => "no answer in time",
        NpgsqlException { InnerException: SocketException socket } => socket.SocketErrorCode.ToString(),
        _ => failure.Message,
    };

    readonly record struct Attempt<T>(T? Result, SqlException? Failure, bool WasSent, bool IsFinal);
}
