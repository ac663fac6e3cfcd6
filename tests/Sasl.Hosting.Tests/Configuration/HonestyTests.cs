using System.Text.RegularExpressions;
using Sasl.Hosting.Configuration;

namespace Sasl.Hosting.Tests.Configuration;

/// <summary>
/// A setting is read somewhere in the source, or setting it is reported. Nothing in between: an administrator must be able to trust that
/// what "check" accepts is done.
/// </summary>
public sealed partial class HonestyTests
{
    /// <summary>Only other values, the programs that read main.cf for people, or the table itself look at these.</summary>
    static readonly string[] _read =
    [
        "mydomain", "mail_version", "compatibility_level", "config_directory", "stress", "command_directory", "daemon_directory", "sendmail_path",
        "mailq_path", "newaliases_path", "alias_database", "default_database_type", "auth_debug_passwords", "auth_verbose_passwords",
    ];

    [Fact]
    public void A_setting_is_read_or_reported()
    {
        var source = Path.Combine(ShippedFilesTests.Root(), "src");
        var texts = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/") && !Declarations().IsMatch(f)).Select(File.ReadAllText);
        var names = texts.SelectMany(t => Uses().Matches(t).Select(m => m.Value)).ToHashSet();
        var settings = MainCf.Table.All.Select(s => (Table: "MainCf", Setting: s)).Concat(DovecotConf.Table.All.Select(s => (Table: "DovecotConf", Setting: s)))
            .Concat(SaslauthdConf.Table.All.Select(s => (Table: "SaslauthdConf", Setting: s)))
            .Select(p => (p.Setting.Name, p.Setting.IsUnsupported, IsRead: _read.Contains(p.Setting.Name) || names.Contains($"{p.Table}.{FieldOf(p.Setting.Name)}")))
            .ToList();
        Assert.Equal([], settings.Where(s => s is { IsRead: false, IsUnsupported: false }).Select(s => $"nobody reads {s.Name}: flag it IsUnsupported or read it"));
        Assert.Equal([], settings.Where(s => s is { IsRead: true, IsUnsupported: true }).Select(s => $"{s.Name} is read: take its IsUnsupported away"));
    }

    static string FieldOf(string name) => string.Concat(name.Replace("2b", "double_b").Replace("<", "").Replace(">", "").Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    [GeneratedRegex(@"/Configuration/(MainCf|DovecotConf|SaslauthdConf)\.\w+\.cs$")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\b(MainCf|DovecotConf|SaslauthdConf)\.[A-Z]\w+")]
    private static partial Regex Uses();
}
