using Microsoft.Data.Sqlite;
using Sasl.Credentials.Schemes;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Sources;

/// <summary>A user of the secrets database and the kinds of secrets that are stored; never the secrets.</summary>
public sealed record SasldbUser(string User, string Realm, IReadOnlyList<string> Kinds);

/// <summary>
/// The secrets database: one SQLite file, owner-only, a row for each user, realm and kind of secret. Kind "password" holds
/// "{SCHEME}text"; mechanisms that need their own stored keys (SCRAM) add rows of their own kind. The classic rollback journal, not WAL:
/// a reader without the right to write beside the file can still read it.
/// </summary>
public sealed class Sasldb
{
    public const string DefaultPath = "/etc/sasl2/secrets.db", PasswordKind = "password";

    const string Schema = """
        CREATE TABLE IF NOT EXISTS secret (
            user TEXT NOT NULL, realm TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
            changed INTEGER NOT NULL DEFAULT (unixepoch()), PRIMARY KEY (user, realm, kind)) WITHOUT ROWID
        """;

    const string AllForms = "SELECT value FROM secret WHERE user = $user AND realm = $realm AND value LIKE '{%' ORDER BY kind <> $kind, kind";

    internal const uint OthersMask = 7;

    /// <summary>SQLITE_READONLY_ROLLBACK and SQLITE_CANTOPEN.</summary>
    const int ReadOnlyRollback = 776, CannotOpen = 14;

    readonly string _path;
    readonly SasldbReader _reader;

    static Sasldb() => SQLitePCL.Batteries_V2.Init();

    public Sasldb(string path)
    {
        _path = path;
        _reader = new(path, () => Open(SqliteOpenMode.ReadOnly));
    }

    public string Path => _path;

    /// <summary>Makes the file, 0600, and the table when they are missing. Throws IOException when it cannot.</summary>
    public void Create()
    {
        // SQLite would create it with the umask's mode.
        using (var directory = Files.OpenDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_path))!))
            Files.OpenAt(directory, System.IO.Path.GetFileName(_path), Files.ReadWrite | Files.Create, 0x180).Dispose();
        Write(Schema);
    }

    /// <summary>Stores one secret of a user; replaces one of that kind.</summary>
    public void Set(string user, string realm, string kind, string value) => Write(
        "INSERT INTO secret (user, realm, kind, value) VALUES ($user, $realm, $kind, $value)"
        + " ON CONFLICT DO UPDATE SET value = excluded.value, changed = unixepoch()",
        ("$user", user), ("$realm", Fold(realm)), ("$kind", kind), ("$value", value));

    /// <summary>A new user with a stored password ("{SCHEME}text"). False when the user is there already.</summary>
    public bool TryAdd(string user, string realm, string storedPassword) => Write(
        "INSERT INTO secret (user, realm, kind, value) SELECT $user, $realm, $kind, $value"
        + " WHERE NOT EXISTS (SELECT 1 FROM secret WHERE user = $user AND realm = $realm)",
        ("$user", user), ("$realm", Fold(realm)), ("$kind", PasswordKind), ("$value", storedPassword)) > 0;

    /// <summary>Another password. Secrets of other kinds were made from the old one and go. False when there is no such user.</summary>
    public bool TryChange(string user, string realm, string storedPassword) => Write(
        "INSERT INTO secret (user, realm, kind, value) SELECT $user, $realm, $kind, $value"
        + " WHERE EXISTS (SELECT 1 FROM secret WHERE user = $user AND realm = $realm)"
        + " ON CONFLICT DO UPDATE SET value = excluded.value, changed = unixepoch();"
        + " DELETE FROM secret WHERE user = $user AND realm = $realm AND kind <> $kind",
        ("$user", user), ("$realm", Fold(realm)), ("$kind", PasswordKind), ("$value", storedPassword)) > 0;

    /// <summary>
    /// Puts other forms in the place of all that <see cref="FindAll"/> gave, if that is still what is stored; false when it is not. A form that is not
    /// among the new ones goes. In one step for all processes, and as long a one when it is refused.
    /// </summary>
    public bool TryReplace(string user, string realm, IReadOnlyList<string> expected, IReadOnlyList<string> forms)
    {
        try
        {
            using var connection = Open(SqliteOpenMode.ReadWrite);
            // Immediate: nobody writes between the look and the change.
            using var transaction = connection.BeginTransaction();
            var isSame = Read(connection, AllForms, row => row.GetString(0), Of(user, realm)).SequenceEqual(expected) && expected.Count > 0;
            if (isSame)
                Replace(connection, user, realm, expected, forms);
            else
                Run(connection, "UPDATE secret SET changed = changed WHERE (user, realm, kind) IN (SELECT user, realm, kind FROM secret LIMIT 1)");
            transaction.Commit();
            return isSame;
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>False when there was no such user.</summary>
    public bool Delete(string user, string realm) =>
        Write("DELETE FROM secret WHERE user = $user AND realm = $realm", ("$user", user), ("$realm", Fold(realm))) > 0;

    /// <summary>
    /// Stores users from elsewhere, all or none. Who is there already is left alone, or replaced with all of his secrets. Returns those who were left alone.
    /// </summary>
    public IReadOnlyList<ImportedUser> Import(IEnumerable<ImportedUser> users, bool replaces)
    {
        try
        {
            using var connection = Open(SqliteOpenMode.ReadWrite);
            using var transaction = connection.BeginTransaction();
            var left = new List<ImportedUser>();
            int Run(string sql, params (string, object)[] values)
            {
                using var command = Command(connection, sql, values);
                command.Transaction = transaction;
                return command.ExecuteNonQuery();
            }
            foreach (var user in users)
            {
                (string, object)[] name = [("$user", user.User), ("$realm", Fold(user.Realm))];
                var isFirst = true;
                foreach (var (kind, value) in user.Secrets)
                {
                    if (isFirst && replaces)
                        Run("DELETE FROM secret WHERE user = $user AND realm = $realm", name);
                    var added = Run(isFirst
                        ? "INSERT INTO secret (user, realm, kind, value) SELECT $user, $realm, $kind, $value WHERE NOT EXISTS (SELECT 1 FROM secret WHERE user = $user AND realm = $realm)"
                        : "INSERT INTO secret (user, realm, kind, value) VALUES ($user, $realm, $kind, $value)", [.. name, ("$kind", kind), ("$value", value)]);
                    if (added == 0)
                    {
                        left.Add(user);
                        break;
                    }
                    isFirst = false;
                }
            }
            transaction.Commit();
            return left;
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    public bool Contains(string user, string realm) => Query(
        "SELECT 1 FROM secret WHERE user = $user AND realm = $realm LIMIT 1", _ => true, ("$user", user), ("$realm", Fold(realm))).Count > 0;

    /// <summary>One secret, or null. A user who is not in the realm is looked for in the other one, if there is one, in the same time.</summary>
    public string? Find(string user, string realm, string kind = PasswordKind, string? elseRealm = null)
    {
        var (first, second) = (Fold(realm), Fold(elseRealm ?? realm));
        try
        {
            return _reader.Find(user, first, second, kind);
        }
        catch (SqliteException interrupted) when (interrupted.SqliteExtendedErrorCode == ReadOnlyRollback)
        {
            return Query(SasldbReader.Question, row => row.GetString(0), ("$user", user), ("$realm", first), ("$else", second), ("$kind", kind)).FirstOrDefault();
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>All secrets of a user that are written as "{SCHEME}text", the password first; none when there is no such user.</summary>
    public IReadOnlyList<string> FindAll(string user, string realm) => Query(AllForms, row => row.GetString(0), Of(user, realm));

    /// <summary>Some of what is stored as "{SCHEME}text": passwords and keys.</summary>
    public IReadOnlyList<string> Sample(int count) => Query(
        "SELECT value FROM secret WHERE value LIKE '{%' LIMIT $count", row => row.GetString(0), ("$count", count));

    /// <summary>Some of the stored passwords, to see what kind they are of.</summary>
    public IReadOnlyList<string> SamplePasswords(int count) => Query(
        "SELECT value FROM secret WHERE kind = $kind LIMIT $count", row => row.GetString(0), ("$kind", PasswordKind), ("$count", count));

    public IReadOnlyList<SasldbUser> List() => [.. Query(
        "SELECT user, realm, group_concat(kind) FROM secret GROUP BY realm, user ORDER BY realm, user",
        row => new SasldbUser(row.GetString(0), row.GetString(1), row.GetString(2).Split(',')))];

    /// <summary>Realms are domains or host names: their case does not matter.</summary>
    static string Fold(string realm) => realm.ToLowerInvariant();

    List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] values)
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

    static void Replace(SqliteConnection connection, string user, string realm, IReadOnlyList<string> expected, IReadOnlyList<string> forms)
    {
        foreach (var gone in expected.Except(forms))
            Run(connection, "DELETE FROM secret WHERE user = $user AND realm = $realm AND value = $value", [.. Of(user, realm)[..2], ("$value", gone)]);
        foreach (var added in forms.Except(expected))
        {
            Run(connection, "INSERT INTO secret (user, realm, kind, value) VALUES ($user, $realm, $kind, $value) ON CONFLICT DO UPDATE SET value = excluded.value, changed = unixepoch()",
                [.. Of(user, realm)[..2], ("$kind", KindOf(added)), ("$value", added)]);
        }
    }

    /// <summary>A mechanism's keys have the mechanism's name; all else is the password.</summary>
    public static string KindOf(string form) => StoredPasswords.KindOf(form) is not (null or SecretKind.Cleartext) ? PasswordScheme.NameOf(form).Split('.')[0].ToLowerInvariant() : PasswordKind;

    static (string Name, object Value)[] Of(string user, string realm) => [("$user", user), ("$realm", Fold(realm)), ("$kind", PasswordKind)];

    List<T> Read<T>(SqliteOpenMode mode, string sql, Func<SqliteDataReader, T> read, (string Name, object Value)[] values)
    {
        using var connection = Open(mode);
        return Read(connection, sql, read, values);
    }

    static void Run(SqliteConnection connection, string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    static List<T> Read<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, (string Name, object Value)[] values)
    {
        using var command = Command(connection, sql, values);
        using var rows = command.ExecuteReader();
        var result = new List<T>();
        while (rows.Read())
            result.Add(read(rows));
        return result;
    }

    int Write(string sql, params (string Name, object Value)[] values)
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

    SqliteConnection Open(SqliteOpenMode mode)
    {
        // Secrets that every user of the machine could read are no secrets: nobody logs in with them until the mode is put right.
        if (Files.TargetStatus(_path) is { } file && (file.Permissions & OthersMask) != 0)
            throw new IOException($"secrets database {_path} is open to everybody (mode {Convert.ToString(file.Permissions, 8)}): chmod 600 {_path}");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path, Mode = mode, Pooling = false, DefaultTimeout = 5,
        }.ToString());
        connection.Open();
        return connection;
    }

    static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants above; every value is bound.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    IOException Failed(SqliteException failure) => new($"secrets database {_path}: {failure.Message}{Rights(failure)}", failure);

    /// <summary>SQLite says "unable to open" of a file that is there and may not be read, which sends administrators the wrong way.</summary>
    string Rights(SqliteException failure) => failure.SqliteErrorCode == CannotOpen && Files.TargetStatus(_path) is { } file
        ? $" (owner {file.Uid}, group {file.Gid}, mode {Convert.ToString(file.Permissions, 8)}; this process is uid {Identity.EffectiveUid}, gid {Identity.EffectiveGid})"
        : "";
}
