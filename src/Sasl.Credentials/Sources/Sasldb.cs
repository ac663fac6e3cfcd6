using Microsoft.Data.Sqlite;
using Sasl.Credentials.Schemes;
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

    readonly string _path;
    readonly SecretsFile _file;
    readonly SasldbReader _reader;

    public Sasldb(string path)
    {
        (_path, _file) = (path, new(path, "secrets database"));
        _reader = new(path, () => _file.Open(SqliteOpenMode.ReadOnly));
    }

    public string Path => _path;

    /// <summary>Makes the file, 0600, and the table when they are missing. Throws IOException when it cannot.</summary>
    public void Create() => _file.Create(Schema);

    /// <summary>Stores one secret of a user; replaces one of that kind.</summary>
    public void Set(string user, string realm, string kind, string value) => _file.Write(
        "INSERT INTO secret (user, realm, kind, value) VALUES ($user, $realm, $kind, $value)"
        + " ON CONFLICT DO UPDATE SET value = excluded.value, changed = unixepoch()",
        ("$user", user), ("$realm", Fold(realm)), ("$kind", kind), ("$value", value));

    /// <summary>A new user with a stored password ("{SCHEME}text"). False when the user is there already.</summary>
    public bool TryAdd(string user, string realm, string storedPassword) => _file.Write(
        "INSERT INTO secret (user, realm, kind, value) SELECT $user, $realm, $kind, $value"
        + " WHERE NOT EXISTS (SELECT 1 FROM secret WHERE user = $user AND realm = $realm)",
        ("$user", user), ("$realm", Fold(realm)), ("$kind", PasswordKind), ("$value", storedPassword)) > 0;

    /// <summary>Another password. Secrets of other kinds were made from the old one and go. False when there is no such user.</summary>
    public bool TryChange(string user, string realm, string storedPassword) => _file.Write(
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
            using var connection = _file.Open(SqliteOpenMode.ReadWrite);
            // Immediate: nobody writes between the look and the change.
            using var transaction = connection.BeginTransaction();
            var isSame = SecretsFile.Read(connection, SasldbReader.AllForms, row => row.GetString(0), Of(user, realm)).SequenceEqual(expected) && expected.Count > 0;
            if (isSame)
                Replace(connection, user, realm, expected, forms);
            else
                SecretsFile.Run(connection, "UPDATE secret SET changed = changed WHERE (user, realm, kind) IN (SELECT user, realm, kind FROM secret LIMIT 1)");
            transaction.Commit();
            return isSame;
        }
        catch (SqliteException failure)
        {
            throw _file.Failed(failure);
        }
    }

    /// <summary>False when there was no such user.</summary>
    public bool Delete(string user, string realm) =>
        _file.Write("DELETE FROM secret WHERE user = $user AND realm = $realm", ("$user", user), ("$realm", Fold(realm))) > 0;

    /// <summary>
    /// Stores users from elsewhere, all or none. Who is there already is left alone, or replaced with all of his secrets. Returns those who were left alone.
    /// </summary>
    public IReadOnlyList<ImportedUser> Import(IEnumerable<ImportedUser> users, bool replaces)
    {
        try
        {
            using var connection = _file.Open(SqliteOpenMode.ReadWrite);
            using var transaction = connection.BeginTransaction();
            var left = new List<ImportedUser>();
            int Run(string sql, params (string, object)[] values)
            {
                using var command = SecretsFile.Command(connection, sql, values);
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
            throw _file.Failed(failure);
        }
    }

    public bool Contains(string user, string realm) => _file.Query(
        "SELECT 1 FROM secret WHERE user = $user AND realm = $realm LIMIT 1", _ => true, ("$user", user), ("$realm", Fold(realm))).Count > 0;

    /// <summary>One secret, or null. A user who is not in the realm is looked for in the other one, if there is one, in the same time.</summary>
    public string? Find(string user, string realm, string kind = PasswordKind, string? elseRealm = null)
    {
        var (first, second) = (Fold(realm), Fold(elseRealm ?? realm));
        try
        {
            return _reader.Find(user, first, second, kind);
        }
        catch (SqliteException interrupted) when (interrupted.SqliteExtendedErrorCode == SecretsFile.ReadOnlyRollback)
        {
            return _file.Query(SasldbReader.Question, row => row.GetString(0), ("$user", user), ("$realm", first), ("$else", second), ("$kind", kind)).FirstOrDefault();
        }
        catch (SqliteException failure)
        {
            throw _file.Failed(failure);
        }
    }

    /// <summary>All secrets of a user that are written as "{SCHEME}text", the password first; none when there is no such user.</summary>
    public IReadOnlyList<string> FindAll(string user, string realm)
    {
        try
        {
            return _reader.FindAll(user, Fold(realm));
        }
        catch (SqliteException interrupted) when (interrupted.SqliteExtendedErrorCode == SecretsFile.ReadOnlyRollback)
        {
            return _file.Query(SasldbReader.AllForms, row => row.GetString(0), Of(user, realm));
        }
        catch (SqliteException failure)
        {
            throw _file.Failed(failure);
        }
    }

    /// <summary>Some of what is stored as "{SCHEME}text": passwords and keys.</summary>
    public IReadOnlyList<string> Sample(int count) => _file.Query(
        "SELECT value FROM secret WHERE value LIKE '{%' LIMIT $count", row => row.GetString(0), ("$count", count));

    /// <summary>Some of the stored passwords, to see what kind they are of.</summary>
    public IReadOnlyList<string> SamplePasswords(int count) => _file.Query(
        "SELECT value FROM secret WHERE kind = $kind LIMIT $count", row => row.GetString(0), ("$kind", PasswordKind), ("$count", count));

    /// <summary>Every user with all that is stored as "{SCHEME}text", as <see cref="FindAll"/> gives it.</summary>
    public IEnumerable<(string Name, IReadOnlyList<string> Forms)> All() => _file.Query(
        "SELECT user, realm, value FROM secret WHERE value LIKE '{%' ORDER BY realm, user, kind <> $kind, kind",
        row => (Name: row.GetString(1) is { Length: > 0 } realm ? $"{row.GetString(0)}@{realm}" : row.GetString(0), Form: row.GetString(2)), ("$kind", PasswordKind))
        .GroupBy(row => row.Name, row => row.Form).Select(user => (user.Key, (IReadOnlyList<string>)[.. user]));

    public IReadOnlyList<SasldbUser> List() => [.. _file.Query(
        "SELECT user, realm, group_concat(kind) FROM secret GROUP BY realm, user ORDER BY realm, user",
        row => new SasldbUser(row.GetString(0), row.GetString(1), row.GetString(2).Split(',')))];

    /// <summary>Realms are domains or host names: their case does not matter.</summary>
    static string Fold(string realm) => realm.ToLowerInvariant();

    static void Replace(SqliteConnection connection, string user, string realm, IReadOnlyList<string> expected, IReadOnlyList<string> forms)
    {
        foreach (var gone in expected.Except(forms))
            SecretsFile.Run(connection, "DELETE FROM secret WHERE user = $user AND realm = $realm AND value = $value", [.. Of(user, realm)[..2], ("$value", gone)]);
        foreach (var added in forms.Except(expected))
        {
            SecretsFile.Run(connection, "INSERT INTO secret (user, realm, kind, value) VALUES ($user, $realm, $kind, $value) ON CONFLICT DO UPDATE SET value = excluded.value, changed = unixepoch()",
                [.. Of(user, realm)[..2], ("$kind", KindOf(added)), ("$value", added)]);
        }
    }

    /// <summary>A mechanism's keys have the mechanism's name; all else is the password.</summary>
    public static string KindOf(string form) => StoredPasswords.KindOf(form) is not (null or SecretKind.Cleartext) ? PasswordScheme.NameOf(form).Split('.')[0].ToLowerInvariant() : PasswordKind;

    static (string Name, object Value)[] Of(string user, string realm) => [("$user", user), ("$realm", Fold(realm)), ("$kind", PasswordKind)];
}
