using Microsoft.Data.Sqlite;

namespace Sasl.Credentials.Sql;

/// <summary>A connection with its compiled queries, for one caller at a time.</summary>
sealed class SqliteOpened : IDisposable
{
    /// <summary>How long a writer is waited for.</summary>
    const int BusySeconds = 2;

    readonly SqliteConnection _connection;
    readonly Dictionary<SqlStatement, SqliteCommand> _commands = [];

    SqliteOpened(SqliteConnection connection, ulong inode) => (_connection, Inode) = (connection, inode);

    /// <summary>Of the file that was opened.</summary>
    public ulong Inode { get; }

    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteOpened Open(string path, SqliteOpenMode mode, ulong inode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            connection.Open();
            return new(connection, inode);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqlResult Query(SqlStatement statement, string?[] values, int most, CancellationToken stop)
    {
        var command = Command(statement, values);
        using var interrupt = Interrupt(stop);
        using var reader = command.ExecuteReader();
        var columns = new string[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = reader.GetName(i);
        var rows = new List<string?[]>();
        while (reader.Read())
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

    public int Execute(SqlStatement statement, string?[] values, CancellationToken stop)
    {
        var command = Command(statement, values);
        using var interrupt = Interrupt(stop);
        return command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    /// <summary>A query that would run for ever ends when nobody waits any more.</summary>
    CancellationTokenRegistration Interrupt(CancellationToken stop) => stop.Register(() => SQLitePCL.raw.sqlite3_interrupt(_connection.Handle));

    SqliteCommand Command(SqlStatement statement, string?[] values)
    {
        if (!_commands.TryGetValue(statement, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // The text is the administrator's; every value is bound.
            command.CommandText = statement.Text;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
                command.Parameters.AddWithValue($"${i + 1}", "");
            _commands[statement] = command;
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = (object?)values[i] ?? DBNull.Value;
        return command;
    }
}
