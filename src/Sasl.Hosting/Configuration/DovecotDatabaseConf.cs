namespace Sasl.Hosting.Configuration;

/// <summary>
/// What a passdb or userdb block may set, and what the file may that its args name: declared once each, under the names of Dovecot 2.3. The names of
/// 2.4 are the aliases. The blocks' own are in DovecotDatabaseConf.Blocks.cs, those of a driver in DovecotDatabaseConf.NAME.cs.
/// </summary>
public static partial class DovecotDatabaseConf
{
    /// <summary>The settings of a driver's own file (dovecot-sql.conf.ext), or null when it has none.</summary>
    public static SettingTable? OfDriver(string driver) => driver switch { "sql" => Sql, "ldap" => Ldap, "oauth2" => OAuth2, _ => null };

    /// <summary>Whether it is a name of 2.4 for a setting that holds for all blocks when it stands outside of them.</summary>
    public static bool IsModern(string name) => DovecotModernNames.IsGlobal(name.Split('/')[0]);

    /// <summary>The setting of that name, of either release, whichever table it is in.</summary>
    public static Setting? Find(string name) =>
        new[] { Passdb, Userdb, Sql, Ldap, OAuth2 }.Select(t => t.Find(name) ?? t.All.FirstOrDefault(s => s.Aliases.Any(a => a == name || a.EndsWith($"_{name}", StringComparison.Ordinal)))).FirstOrDefault(s => s is not null);

    /// <summary>The settings of a block, whatever its driver.</summary>
    /// <param name="kind">passdb or userdb.</param>
    public static SettingTable OfBlock(string kind) => kind == "passdb" ? Passdb : Userdb;

    static Setting Text(string name, string @default, string help, params string[] modern) => new(name, SettingType.Text, @default, help) { Aliases = modern };

    static Setting YesNo(string name, string @default, string help, params string[] modern) => new(name, SettingType.Boolean, @default, help) { Aliases = modern };

    static Setting Number(string name, string @default, string help, params string[] modern) => new(name, SettingType.Integer, @default, help) { Aliases = modern };

    static Setting List(string name, string @default, string help, params string[] modern) => new(name, SettingType.List, @default, help) { Aliases = modern };

    static Setting Word(string name, string[] choices, string help, params string[] modern) =>
        new(name, SettingType.Text, choices[0], help) { Choices = choices, Aliases = modern };

    extension(Setting setting)
    {
        Setting Unsupported() => setting with { IsUnsupported = true };

        Setting Secret() => setting with { IsSecret = true };
    }
}
