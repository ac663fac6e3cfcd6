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

    public const string AllForms = "SELECT value FROM secret WHERE user = $user AND realm = $realm AND value LIKE '{%' ORDER BY kind <> $kind, kind";

    /// <summary>Throws SqliteException or IOException when the database cannot be read.</summary>
    public string? Find(string user, string realm, string elseRealm, string kind) => Ask(opened => opened.Find(user, realm, elseRealm, kind));

    /// <inheritdoc cref="Find"/>
    public IReadOnlyList<string> FindAll(string user, string realm) => Ask(opened => opened.FindAll(user, realm));

    T Ask<T>(Func<Opened, T> question)
    {
        // An inode is not given to another file while we hold it open. Behind a symbolic link the file can change unseen: not kept. Nor one
        // whose mode has become one that opening it refuses.
        var inode = Files.Status(path) is { IsRegular: true } status && (status.Permissions & SecretsFile.OthersMask) == 0 ? status.Inode : 0;
        var opened = Take(inode) ?? new Opened(open(), inode);
        try
        {
            var value = question(opened);
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

    /// <summary>A connection with its compiled questions, for one caller at a time. Each is compiled when it is first asked.</summary>
    sealed class Opened(SqliteConnection connection, ulong inode) : IDisposable
    {
        SqliteCommand? _one, _all;

        public ulong Inode => inode;

        public string? Find(string user, string realm, string elseRealm, string kind)
        {
            _one ??= Command(Question, "$user", "$realm", "$else", "$kind");
            Bind(_one, user, realm, elseRealm, kind);
            using var rows = _one.ExecuteReader();
            return rows.Read() ? rows.GetString(0) : null;
        }

        public List<string> FindAll(string user, string realm)
        {
            _all ??= Command(AllForms, "$user", "$realm", "$kind");
            Bind(_all, user, realm, Sasldb.PasswordKind);
            using var rows = _all.ExecuteReader();
            var forms = new List<string>(1);
            while (rows.Read())
                forms.Add(rows.GetString(0));
            return forms;
        }

        public void Dispose()
        {
            _one?.Dispose();
            _all?.Dispose();
            connection.Dispose();
        }

        SqliteCommand Command(string question, params ReadOnlySpan<string> names)
        {
            var command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the two constants.
            command.CommandText = question;
#pragma warning restore CA2100
            foreach (var name in names)
                command.Parameters.AddWithValue(name, "");
            return command;
        }

        static void Bind(SqliteCommand command, params ReadOnlySpan<string> values)
        {
            for (var i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i];
        }
    }
}
