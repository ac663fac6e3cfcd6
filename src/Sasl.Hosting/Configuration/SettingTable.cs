using System.Collections.Frozen;

namespace Sasl.Hosting.Configuration;

/// <summary>All settings of one file: the source of parsing, checking, printing and the manual.</summary>
public sealed class SettingTable(IEnumerable<Setting> settings)
{
    readonly FrozenDictionary<string, Setting> _byName = settings.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);

    readonly Setting[] _patterns = [.. settings.Where(s => s.Name.Contains('<'))];

    public IEnumerable<Setting> All => _byName.Values.OrderBy(s => s.Name, StringComparer.Ordinal);

    /// <summary>The setting of that name; of one that stands for many, the one that is meant.</summary>
    public Setting? Find(string name) =>
        _byName.TryGetValue(name, out var exact) && !name.Contains('<') ? exact
        : Array.Find(_patterns, p => p.Covers(name)) is { } pattern ? pattern with { Name = name }
        : null;

    /// <summary>The known name nearest to a mistyped one, or null when none is near.</summary>
    public string? Suggest(string name) => NearMiss.Find(name, _byName.Keys);
}
