using System.Text.RegularExpressions;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

/// <summary>docs/auth-server/configuration.md has a row for each setting, with its default and its name in 2.4, and says which are not here.</summary>
public sealed partial class DocumentedSettingsTests
{
    static readonly string _docs = Path.Combine(ShippedFilesTests.Root(), "docs/auth-server");

    static readonly string[] _rows = [.. File.ReadAllLines(Path.Combine(_docs, "configuration.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal))];

    public static TheoryData<string> Tables => ["auth", "passdb", "userdb", "sql", "ldap", "oauth2", "sasl2"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_setting_has_its_row(string table)
    {
        var settings = table switch
        {
            "auth" => DovecotConf.Table.All.Where(s => s.Name.StartsWith("auth_", StringComparison.Ordinal)),
            "passdb" or "userdb" => DovecotDatabaseConf.OfBlock(table).All,
            "sasl2" => Sasl2FileOptions.Table.All,
            _ => DovecotDatabaseConf.OfDriver(table)!.All,
        };
        Assert.Empty(settings.Where(s => !Array.Exists(_rows, r => Tells(r, s))).Select(s => $"{s.Name}: {(s.IsUnsupported ? "not here" : "here")}, default {s.Default}, {string.Join(' ', s.Aliases)}"));
    }

    static bool Tells(string row, Setting setting) => row.StartsWith($"| `{setting.Name}` |", StringComparison.Ordinal) && row.Contains("*Not here.*") == setting.IsUnsupported
        && (setting.Default.Length == 0 || row.Contains($"`{setting.Default.Replace("|", "\\|")}`")) && setting.Aliases.All(a => row.Contains($"`{a}`"));

    /// <summary>In all pages of the auth server: a setting in an example is one that there is.</summary>
    [Fact]
    public void Examples_have_no_settings_of_their_own()
    {
        var unknown = new List<string>();
        foreach (var page in Directory.GetFiles(_docs, "*.md"))
        {
            var isCode = false;
            foreach (var line in File.ReadLines(page))
            {
                isCode ^= line.StartsWith("```", StringComparison.Ordinal);
                if (isCode && Assignment().Match(line) is { Success: true } match && !IsKnown(match.Groups[1].Value))
                    unknown.Add($"{Path.GetFileName(page)}: {line}");
            }
        }
        Assert.Empty(unknown);
    }

    static bool IsKnown(string name) => DovecotConf.Table.Find(name) is not null || DovecotDatabaseConf.Find(name) is not null || DovecotDatabaseConf.IsModern(name)
        || MainCf.Table.Find(name) is not null || name is "mode" or "user" or "group" or "port" or "address" or "type";

    [GeneratedRegex(@"^ *([a-z][a-z0-9_]*) = ")]
    private static partial Regex Assignment();
}
