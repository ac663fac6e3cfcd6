namespace Sasl.Credentials.Sql;

/// <summary>Every kind of database, one line each.</summary>
public static class SqlDatabases
{
    static readonly (string Name, Func<string, TimeProvider, ISqlDatabase>? Open)[] _drivers =
    [
        ("sqlite", (connect, _) => SqliteDatabase.Of(connect)),
        ("pgsql", PgsqlDatabase.Of),
        ("mysql", null),
        ("cassandra", null),
    ];

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="driver">As Dovecot names them.</param>
    /// <param name="connect">sqlite: the path; pgsql: words as libpq has them.</param>
    /// <exception cref="FormatException">There is no such driver, or the connect string cannot be used; never with its secrets.</exception>
    public static ISqlDatabase Open(string? driver, string? connect, TimeProvider time)
    {
        var (name, open) = Array.Find(_drivers, d => d.Name == driver);
        return name is null ? throw new FormatException(driver is { Length: > 0 } ? $"unknown driver {driver} (known: sqlite pgsql)" : "no driver (sqlite or pgsql)")
            : open is null ? throw new FormatException($"driver {driver} is not supported (sqlite and pgsql are)")
            : connect is { Length: > 0 } ? open(connect, time) : throw new FormatException("no connect string");
    }
}
