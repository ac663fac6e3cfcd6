using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Sasl.Hosting.Unix;
using Sasl.Mechanisms;

namespace Sasl.Credentials.Sources;

/// <summary>
/// The store of app passwords: one SQLite file beside the auth server's other state. All SCRAM secrets of one user and hash share salt and iteration count,
/// because a server has to show them before it knows which password comes. Every change but that of the last use counts the generation up.
/// </summary>
public sealed class AppPasswords(string path)
{
    public const string FileName = "app-passwords.db";

    /// <summary>The passwords are random: more rounds would only cost the client.</summary>
    public const int Iterations = 4096;

    /// <summary>Of one user. Each is tried at each login by SCRAM.</summary>
    public const int MostOfOneUser = 50;

    const string Schema = """
        CREATE TABLE IF NOT EXISTS app_password (
            user TEXT NOT NULL, name TEXT NOT NULL, secrets TEXT NOT NULL, services TEXT NOT NULL, networks TEXT NOT NULL,
            created INTEGER NOT NULL, expires INTEGER, used INTEGER, PRIMARY KEY (user, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS app_user (user TEXT NOT NULL PRIMARY KEY, main_off INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS app_generation (id INTEGER PRIMARY KEY CHECK (id = 0), number INTEGER NOT NULL);
        INSERT OR IGNORE INTO app_generation VALUES (0, 0)
        """;

    const string Changed = "; UPDATE app_generation SET number = number + 1";

    const string Columns = "SELECT user, name, secrets, services, networks, created, expires, used FROM app_password ";

    readonly SecretsFile _file = new(path, "store of app passwords");

    public string Path => path;

    public static IReadOnlyList<ScramHash> Hashes { get; } = [ScramHash.Sha1, ScramHash.Sha256, ScramHash.Sha512];

    /// <summary>Makes the file, 0600, of the directory's owner, when it is missing.</summary>
    public void Create()
    {
        _file.Create(Schema);
        // Root makes it for the auth server, whose directory it is; SQLite gives its journal the same owner.
        if (Identity.IsRoot && Files.Status(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!) is { } directory)
            Files.ChangeOwner(path, directory.Uid, directory.Gid);
    }

    /// <summary>A new one, of the password as <see cref="AppPasswordText"/> spells it. False when the user has one of that name, or too many.</summary>
    /// <param name="salts">The salts and iteration counts of the main password's SCRAM secrets, so that it can go on being used beside; may be empty.</param>
    public bool TryAdd(AppPassword password, string text, IReadOnlyList<ScramSecret> salts)
    {
        var others = Find(password.User).Passwords;
        if (others.Count >= MostOfOneUser)
            return false;
        var bytes = Encoding.ASCII.GetBytes(text);
        var secrets = Hashes.Select(hash =>
        {
            var same = others.Select(o => o.SecretOf(hash)).FirstOrDefault(s => s is not null) ?? salts.FirstOrDefault(s => s.Hash == hash);
            return ScramSecret.Derive(hash, bytes, same?.Salt ?? RandomNumberGenerator.GetBytes(ScramSecret.SaltSize), same?.Iterations ?? Iterations);
        }).ToArray();
        CryptographicOperations.ZeroMemory(bytes);
        return _file.Write("INSERT OR IGNORE INTO app_password VALUES ($user, $name, $secrets, $services, $networks, $created, $expires, NULL)" + Changed,
            ("$user", password.User), ("$name", password.Name), ("$secrets", string.Join('\n', secrets.Select(s => ScramSecretText.Format(s, ScramForm.Dovecot)))),
            ("$services", string.Join(' ', password.Services)), ("$networks", string.Join(' ', password.Networks)), ("$created", password.Created.ToUnixTimeSeconds()),
            ("$expires", password.Expires is { } end ? end.ToUnixTimeSeconds() : DBNull.Value)) > 1;
    }

    /// <summary>False when there was none.</summary>
    public bool Revoke(string user, string name) => _file.Write("DELETE FROM app_password WHERE user = $user AND name = $name" + Changed, ("$user", user), ("$name", name)) > 1;

    /// <summary>Whether the user's own password is taken.</summary>
    public void SetMain(string user, bool isOff) => _file.Write(
        "INSERT INTO app_user VALUES ($user, $off) ON CONFLICT DO UPDATE SET main_off = excluded.main_off" + Changed, ("$user", user), ("$off", isOff ? 1 : 0));

    public AppPasswordUser Find(string user)
    {
        var passwords = _file.Query(Columns + "WHERE user = $user ORDER BY created, name", Read, ("$user", user));
        return new(passwords, _file.Query("SELECT main_off FROM app_user WHERE user = $user", row => row.GetInt64(0) != 0, ("$user", user)).FirstOrDefault());
    }

    public IReadOnlyList<AppPassword> List() => _file.Query(Columns + "ORDER BY user, created, name", Read);

    /// <summary>Whose own password is off.</summary>
    public IReadOnlyList<string> ListMainOff() => _file.Query("SELECT user FROM app_user WHERE main_off ORDER BY user", row => row.GetString(0));

    /// <summary>All about whom something is stored.</summary>
    public IReadOnlyList<string> Users() => _file.Query("SELECT user FROM app_password UNION SELECT user FROM app_user WHERE main_off", row => row.GetString(0));

    public long Generation() => _file.Query("SELECT number FROM app_generation", row => row.GetInt64(0)).FirstOrDefault();

    /// <summary>Notes when it was used. The generation stays.</summary>
    public void MarkUsed(string user, string name, DateTimeOffset at) =>
        _file.Write("UPDATE app_password SET used = $at WHERE user = $user AND name = $name", ("$user", user), ("$name", name), ("$at", at.ToUnixTimeSeconds()));

    static AppPassword Read(SqliteDataReader row) => new(row.GetString(0), row.GetString(1))
    {
        Secrets = [.. row.GetString(2).Split('\n').Select(t => ScramSecretText.Parse(t)).OfType<ScramSecret>()],
        Services = row.GetString(3).Split(' ', StringSplitOptions.RemoveEmptyEntries), Networks = row.GetString(4).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Created = DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(5)),
        Expires = row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(6)), Used = row.IsDBNull(7) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(7)),
    };
}
