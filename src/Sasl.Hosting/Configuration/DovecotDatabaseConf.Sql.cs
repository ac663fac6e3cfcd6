namespace Sasl.Hosting.Configuration;

// dovecot-sql.conf.ext
public static partial class DovecotDatabaseConf
{
    public static SettingTable Sql { get; } = new(
    [
        Text("driver", "", "The kind of database: pgsql or sqlite.", "sql_driver") with { Check = EngineComplaint },
        // A file with a password in its connect string is as secret as one with dnpass.
        Text("connect", "", "pgsql: host=… dbname=… user=… password=…; sqlite: the path of the file.").Secret(),
        Text("password_query", "", "Gives the password, and other fields by their names, of one user.", "passdb_sql_query"),
        Text("user_query", "", "Gives uid, gid, home and other fields.", "userdb_sql_query"),
        Text("update_query", "", "Stores an OTP sequence; the secrets database keeps those here.", "passdb_sql_update_query").Unsupported(),
        Text("password_update_query", "", "Puts stronger forms in the place of a stored password (not a setting of Dovecot)."),
        Text("iterate_query", "", "Gives the names of all users.", "userdb_sql_iterate_query"),
        Text("default_pass_scheme", "CRYPT", "The scheme of a stored password that names none.", "passdb_default_password_scheme"),
        YesNo("userdb_warning_disable", "no", "Do not warn of a passdb without a userdb.").Unsupported(),
    ]);

    static string? EngineComplaint(string engine) => engine switch
    {
        "pgsql" or "sqlite" => null,
        "mysql" or "cassandra" => $"{engine} is not implemented in this version (pgsql and sqlite are)",
        _ => $"unknown driver {engine}{(NearMiss.Find(engine, ["pgsql", "sqlite"]) is { } near ? $" (did you mean \"{near}\"?)" : " (pgsql, sqlite)")}",
    };
}
