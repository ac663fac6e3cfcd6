using System.Collections.Frozen;

namespace Sasl.Hosting.Configuration;

/// <summary>All settings of one file: the source of parsing, checking, printing and the manual.</summary>
public sealed class SettingTable(IEnumerable<Setting> settings)
{
    readonly FrozenDictionary<string, Setting> _byName = settings.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    public IEnumerable<Setting> All => _byName.Values.OrderBy(s => s.Name, StringComparer.Ordinal);

    public Setting? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The known name nearest to a mistyped one, or null when none is near.</summary>
    public string? Suggest(string name) => NearMiss.Find(name, _byName.Keys);
}
