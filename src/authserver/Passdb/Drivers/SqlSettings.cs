using Sasl.Credentials.Sql;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Passdb.Drivers;

/// <summary>What passdb and userdb sql have in common.</summary>
static class SqlSettings
{
    /// <summary>Postfix gives up after ten seconds, and a mechanism's step is over after seven.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="FormatException">driver or connect cannot be used.</exception>
    public static ISqlDatabase Open(DatabaseContext context) => SqlDatabases.Open(context.Block["driver"] ?? context.Block["sql_driver"], context.Block["connect"], context.Time);

    /// <summary>The setting, or null when it is not there or empty.</summary>
    public static string? Text(this AuthDatabase block, string name) => block[name] is { Length: > 0 } text ? text : null;
}
