using Microsoft.Data.Sqlite;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sources;

/// <summary>
/// A SQLite file that holds secrets, its owner's alone. The classic rollback journal, not WAL: a reader without the right to write beside the file can still
/// read it. Every call opens it anew; what fails is an IOException that names the file.
/// </summary>
/// <param name="what">What the file is, for complaints.</param>
sealed class SecretsFile(string path, string what)
{
    public const uint OthersMask = 7;

    /// <summary>SQLITE_READONLY_ROLLBACK and SQLITE_CANTOPEN.</summary>
    public const int ReadOnlyRollback = 776, CannotOpen = 14;

    static SecretsFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Makes the file, 0600, when it is missing, and what <paramref name="schema"/> says.</summary>
    public void Create(string schema)
    {
        // SQLite would create it with the umask's mode.
        using (var directory = Files.OpenDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!))
            Files.OpenAt(directory, System.IO.Path.GetFileName(path), Files.ReadWrite | Files.Create, 0x180).Dispose();
        Write(schema);
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] values)
    {
        try
        {
            try
            {
                return Read(SqliteOpenMode.ReadOnly, sql, read, values);
            }
            catch (SqliteException interrupted) when (interrupted.SqliteExtendedErrorCode == ReadOnlyRollback)
            {
                // A writer was killed in the middle. Who opens the file for writing puts it back as it was; a mere reader may not.
                return Read(SqliteOpenMode.ReadWrite, sql, read, values);
            }
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>How many rows have changed.</summary>
    public int Write(string sql, params (string Name, object Value)[] values)
    {
        try
        {
            using var connection = Open(SqliteOpenMode.ReadWrite);
            using var transaction = connection.BeginTransaction();
            using var command = Command(connection, sql, values);
            command.Transaction = transaction;
            var changed = command.ExecuteNonQuery();
            transaction.Commit();
            return changed;
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    public SqliteConnection Open(SqliteOpenMode mode)
    {
        // Secrets that every user of the machine could read are no secrets: nobody logs in with them until the mode is put right.
        if (Files.TargetStatus(path) is { } file && (file.Permissions & OthersMask) != 0)
            throw new IOException($"{what} {path} is open to everybody (mode {Convert.ToString(file.Permissions, 8)}): chmod 600 {path}");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5,
        }.ToString());
        connection.Open();
        return connection;
    }

    public IOException Failed(SqliteException failure) => new($"{what} {path}: {failure.Message}{Rights(failure)}", failure);

    List<T> Read<T>(SqliteOpenMode mode, string sql, Func<SqliteDataReader, T> read, (string Name, object Value)[] values)
    {
        using var connection = Open(mode);
        return Read(connection, sql, read, values);
    }

    /// <summary>On a connection that is open, within its transaction if there is one.</summary>
    public static List<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] values)
    {
        using var command = Command(connection, sql, values);
        using var rows = command.ExecuteReader();
        var result = new List<T>();
        while (rows.Read())
            result.Add(read(rows));
        return result;
    }

    /// <summary>Likewise.</summary>
    public static void Run(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>A text with its values bound.</summary>
    public static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of the callers; every value is bound.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    /// <summary>SQLite says "unable to open" of a file that is there and may not be read, which sends administrators the wrong way.</summary>
    string Rights(SqliteException failure) => failure.SqliteErrorCode == CannotOpen && Files.TargetStatus(path) is { } file
        ? $" (owner {file.Uid}, group {file.Gid}, mode {Convert.ToString(file.Permissions, 8)}; this process is uid {Identity.EffectiveUid}, gid {Identity.EffectiveGid})"
        : "";
}
