using System.Collections.Frozen;

namespace Sasl.Hosting.Configuration;

/// <summary>How the value of a setting of 2.4 is written.</summary>
enum ModernShape
{
    /// <summary>name = value.</summary>
    Value,

    /// <summary>name { word = yes }, or name = word word.</summary>
    Flags,

    /// <summary>name { field = value }.</summary>
    Pairs,
}

/// <summary>
/// The settings of Dovecot 2.4 that belong to databases. All are global there: they hold for the block that they stand in, or for all blocks; in a block,
/// what its name begins with need not be written ("query" in "passdb sql" is passdb_sql_query).
/// </summary>
static class DovecotModernNames
{
    static readonly string[] _pairs = ["passdb_fields", "userdb_fields", "oauth2_fields", "userdb_ldap_iterate_fields"];

    static readonly string[] _flags = ["passdb_mechanisms_filter", "oauth2_scope", "oauth2_issuers", "oauth2_audience", "ldap_auth_sasl_mechanisms"];

    /// <summary>Those that no one setting of 2.3 stands for.</summary>
    static readonly string[] _others =
    [
        "sqlite_path", "sqlite_journal_mode", "sqlite_synchronous", "sqlite_busy_timeout", "sqlite_readonly", "passwd_file_path", "passdb_static_password", "userdb_static_allow_all_users",
        "passdb_pam_service_name", "passdb_pam_session", "passdb_pam_setcred", "passdb_pam_max_requests", "passdb_pam_failure_show_msg", "auth_username_format",
        "ssl_client_require_valid_cert", .. _pairs,
    ];

    static readonly FrozenDictionary<string, ModernShape> _names = new[]
        {
            DovecotDatabaseConf.Passdb, DovecotDatabaseConf.Userdb, DovecotDatabaseConf.Sql, DovecotDatabaseConf.Ldap, DovecotDatabaseConf.OAuth2,
        }.SelectMany(t => t.All).SelectMany(s => s.Aliases).Concat(_others).Distinct()
        .ToFrozenDictionary(n => n, n => _pairs.Contains(n) ? ModernShape.Pairs : _flags.Contains(n) ? ModernShape.Flags : ModernShape.Value, StringComparer.Ordinal);

    /// <summary>Sections that hold such settings, wherever they stand.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["oauth2", "oauth2_local_validation", "pgsql", "mysql", "sqlite", "cassandra"];

    /// <summary>These are settings of the server as well.</summary>
    public static bool IsOfServer(string name) => name == DovecotConf.SslClientCaFile.Name || name == DovecotConf.SslClientCaDir.Name;

    /// <summary>Outside of blocks: auth_username_format is a setting of the server there.</summary>
    public static bool IsGlobal(string name) => _names.ContainsKey(name) && name != "auth_username_format";

    public static IEnumerable<string> All => _names.Keys;

    public static ModernShape ShapeOf(string name) => _names[name];

    /// <summary>The full name of what is written without its beginning, or null.</summary>
    public static string? Resolve(string name, IEnumerable<string> beginnings) => beginnings.Select(b => b + name).FirstOrDefault(_names.ContainsKey);
}
