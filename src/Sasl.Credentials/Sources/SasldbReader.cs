using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Sasl.Hosting.Unix;

namespace Sasl.Credentials.Sources;

/// <summary>
/// Looks secrets up. Opening the database and compiling the question costs several times the rest of a login, so both are kept: as many as
/// there were questions at once. SQLite itself sees what other processes write to the file; that another file has taken its name is seen here.
/// </summary>
sealed class SasldbReader(string path, Func<SqliteConnection> open)
{
    public const string Question =
        "SELECT value FROM secret WHERE user = $user AND realm IN ($realm, $else) AND kind = $kind ORDER BY realm <> $realm LIMIT 1";

    readonly ConcurrentBag<Opened> _idle = [];

    /// <summary>Throws SqliteException or IOException when the database cannot be read.</summary>
    public string? Find(string user, string realm, string elseRealm, string kind)
    {
        // An inode is not given to another file while we hold it open. Behind a symbolic link the file can change unseen: not kept. Nor one
        // whose mode has become one that opening it refuses.
        var inode = Files.Status(path) is { IsRegular: true } status && (status.Permissions & SecretsFile.OthersMask) == 0 ? status.Inode : 0;
        var opened = Take(inode) ?? new Opened(open(), inode);
        try
        {
            var value = opened.Find(user, realm, elseRealm, kind);
            if (inode != 0)
            {
                _idle.Add(opened);
                opened = null;
            }
            return value;
        }
        finally
        {
            opened?.Dispose();
        }
    }

    Opened? Take(ulong inode)
    {
        while (_idle.TryTake(out var opened))
        {
            if (opened.Inode == inode)
                return opened;
            opened.Dispose();
        }
        return null;
    }

    /// <summary>A connection with its compiled question, for one caller at a time.</summary>
    sealed class Opened : IDisposable
    {
        readonly SqliteConnection _connection;
        readonly SqliteCommand _command;
        readonly SqliteParameter _user, _realm, _else, _kind;

        public Opened(SqliteConnection connection, ulong inode)
        {
            (_connection, Inode) = (connection, inode);
            _command = connection.CreateCommand();
            _command.CommandText = Question;
            (_user, _realm, _else, _kind) = (Parameter("$user"), Parameter("$realm"), Parameter("$else"), Parameter("$kind"));
        }

        public ulong Inode { get; }

        public string? Find(string user, string realm, string elseRealm, string kind)
        {
            (_user.Value, _realm.Value, _else.Value, _kind.Value) = (user, realm, elseRealm, kind);
            using var rows = _command.ExecuteReader();
            return rows.Read() ? rows.GetString(0) : null;
        }

        public void Dispose()
        {
            _command.Dispose();
            _connection.Dispose();
        }

        SqliteParameter Parameter(string name) => _command.Parameters.AddWithValue(name, "");
    }
}
