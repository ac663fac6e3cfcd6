namespace Sasl.Hosting.Configuration;

/// <summary>Collects the declarations of one table while its static fields are initialised.</summary>
sealed class SettingDeclarations
{
    readonly List<Setting> _all = [];

    public IReadOnlyList<Setting> All => _all;

    public Setting Add(string name, SettingType type, string @default, string help, Func<Setting, Setting>? more)
    {
        var setting = new Setting(name, type, @default, help);
        setting = more is null ? setting : more(setting);
        _all.Add(setting);
        return setting;
    }
}
