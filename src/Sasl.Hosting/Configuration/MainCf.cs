namespace Sasl.Hosting.Configuration;

/// <summary>
/// The parameters of main.cf: one field each, named like the parameter in PascalCase. The groups are in MainCf.*.cs; a new parameter is
/// one declaration there and nothing else.
/// </summary>
public static partial class MainCf
{
    /// <summary>Every parameter, with the defaults that need no knowledge of the system.</summary>
    public static SettingTable Table { get; }

#pragma warning disable CA1810 // An explicit static constructor runs after all declarations of all files: the table is complete.
    static MainCf() => Table = new SettingTable(Declared.Settings.All);
#pragma warning restore CA1810

    /// <summary>The table with the defaults that come from this system: myhostname, mydomain, mynetworks.</summary>
    public static SettingTable TableFor(SystemInfo system) => new(Table.All.Select(setting => setting.Name switch
    {
        "myhostname" => setting with { Default = system.QualifiedHostName },
        "mydomain" => setting with { Compute = system.DomainOf },
        "mynetworks" => setting with { Compute = system.NetworksFor },
        _ => setting,
    }));

    /// <summary>The effective values: what was set, else the defaults on this system, with $name expanded.</summary>
    public static Settings Create(IReadOnlyDictionary<string, string> explicitValues, SystemInfo system) =>
        new(TableFor(system), explicitValues, MainCfExpansion.Expand);

    /// <summary>Reads back what <see cref="Settings.Serialize"/> wrote, in a child process.</summary>
    public static Settings Deserialize(string text, SystemInfo system) => Settings.Deserialize(TableFor(system), text, MainCfExpansion.Expand);

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
