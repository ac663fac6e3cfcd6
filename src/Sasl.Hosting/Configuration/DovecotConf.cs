namespace Sasl.Hosting.Configuration;

/// <summary>
/// The flat settings of dovecot.conf: one field each, named like the setting in PascalCase. The groups are in DovecotConf.*.cs; sections
/// (service, passdb, userdb, protocol, …) are in DovecotConfiguration.
/// </summary>
public static partial class DovecotConf
{
    public static SettingTable Table { get; }

#pragma warning disable CA1810 // An explicit static constructor runs after all declarations of all files: the table is complete.
    static DovecotConf() => Table = new SettingTable(Declared.Settings.All);
#pragma warning restore CA1810

    /// <summary>The effective values: what was set, else the defaults.</summary>
    public static Settings Create(IReadOnlyDictionary<string, string> explicitValues) => new(Table, explicitValues);

    static Setting Text(string name, string @default, string help, Func<Setting, Setting>? more = null) =>
        Declare(name, SettingType.Text, @default, help, more);

    static Setting YesNo(string name, string @default, string help, Func<Setting, Setting>? more = null) =>
        Declare(name, SettingType.Boolean, @default, help, more);

    static Setting Number(string name, string @default, string help, Func<Setting, Setting>? more = null) =>
        Declare(name, SettingType.Integer, @default, help, more);

    static Setting Time(string name, string @default, string help, Func<Setting, Setting>? more = null) =>
        Declare(name, SettingType.Time, @default, help, more);

    static Setting Size(string name, string @default, string help, Func<Setting, Setting>? more = null) =>
        Declare(name, SettingType.Size, @default, help, more);

    static Setting List(string name, string @default, string help, Func<Setting, Setting>? more = null) =>
        Declare(name, SettingType.List, @default, help, more);

    static Setting Declare(string name, SettingType type, string @default, string help, Func<Setting, Setting>? more) =>
        Declared.Settings.Add(name, type, @default, help, more);

    /// <summary>A class of its own, so that the list is there before the first declaration, whichever file that is in.</summary>
    static class Declared
    {
        public static readonly SettingDeclarations Settings = new();
    }
}
