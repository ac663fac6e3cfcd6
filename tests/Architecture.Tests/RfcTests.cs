using System.Text.RegularExpressions;
using Testing;

namespace Architecture.Tests;

/// <summary>RFCS.md and the citations in the sources say the same.</summary>
public sealed partial class RfcTests
{
    static readonly Dictionary<int, HashSet<(string Folder, string Section)>> _cited = Cited();
    static readonly Dictionary<int, (string[] Sections, string[] Folders)> _listed = Listed();

    [Fact]
    public void Every_RFC_that_the_code_cites_stands_in_RFCS_md() =>
        Nothing(_cited.Where(c => !_listed.ContainsKey(c.Key)).Select(c => $"RFC {c.Key}, cited in {string.Join(", ", Folders(c.Value))}, is missing in RFCS.md"));

    [Fact]
    public void Every_RFC_that_stands_in_RFCS_md_is_cited_by_the_code() =>
        Nothing(_listed.Keys.Except(_cited.Keys).Select(n => $"RFC {n} is in RFCS.md, and no source cites it"));

    [Fact]
    public void What_RFCS_md_says_of_sections_and_folders_is_true()
    {
        var wrong = new List<string>();
        foreach (var (number, (sections, folders)) in _listed)
        {
            var cited = _cited.GetValueOrDefault(number, []);
            wrong.AddRange(folders.Except(Folders(cited)).Select(f => $"RFC {number} is not cited in src/{f}"));
            wrong.AddRange(sections.Except(cited.Where(c => folders.Contains(c.Folder)).Select(c => c.Section)).Select(s => $"RFC {number} §{s} is not cited in {string.Join(", ", folders)}"));
        }
        Nothing(wrong);
    }

    [Fact]
    public void Each_RFC_of_the_SASL_library_has_a_status_and_tests_that_are_there()
    {
        var rows = File.ReadLines(Path.Combine(Binaries.Root, "RFCS.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length == 5 && int.TryParse(cells[1], out _))
            .ToDictionary(cells => int.Parse(cells[1]), cells => (Status: cells[2], Tests: Words(cells[3].Replace("`", ""))));
        var cited = _cited.Where(c => c.Value.Any(v => v.Folder.StartsWith("Sasl.Mechanisms", StringComparison.Ordinal))).Select(c => c.Key).ToArray();
        Nothing(cited.Except(rows.Keys).Select(n => $"RFC {n} has no row of status and tests"));
        Nothing(rows.Keys.Except(cited).Select(n => $"RFC {n} is not cited by the library"));
        Nothing(rows.Where(r => r.Value.Status.Length == 0 || r.Value.Tests.Length == 0).Select(r => $"RFC {r.Key}: no status or no tests"));
        Nothing(rows.SelectMany(r => r.Value.Tests).Where(t => !Path.Exists(Path.Combine(Binaries.Root, "tests", t))).Select(t => $"tests/{t} is not there"));
    }

    [Fact]
    public void The_page_and_the_sources_are_found()
    {
        Assert.True(_listed.Count > 40);
        Assert.Contains(("MailServers/Smtp/Commands", "4"), _cited[4954]);
    }

    static void Nothing(IEnumerable<string> wrong) => Assert.True(!wrong.Any(), string.Join('\n', wrong));

    static IEnumerable<string> Folders(IEnumerable<(string Folder, string Section)> citations) => citations.Select(c => c.Folder).Distinct().Order(StringComparer.Ordinal);

    static Dictionary<int, HashSet<(string, string)>> Cited()
    {
        var source = Path.Combine(Binaries.Root, "src");
        var cited = new Dictionary<int, HashSet<(string, string)>>();
        foreach (var file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(source, Path.GetDirectoryName(file)!);
            if (folder.Split('/') is [_, "obj" or "bin", ..])
                continue;
            foreach (Match citation in Citation().Matches(File.ReadAllText(file)))
            {
                var number = int.Parse(citation.Groups["rfc"].Value);
                cited.TryAdd(number, []);
                cited[number].Add((folder, ""));
                foreach (Capture section in citation.Groups["section"].Captures)
                    cited[number].Add((folder, section.Value.TrimEnd('.')));
            }
        }
        return cited;
    }

    /// <summary>The rows "| number | what | sections | `folder`, `folder` |".</summary>
    static Dictionary<int, (string[], string[])> Listed() => File.ReadLines(Path.Combine(Binaries.Root, "RFCS.md"))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length == 6 && int.TryParse(cells[1], out _))
        .ToDictionary(cells => int.Parse(cells[1]), cells => (cells[3] == "whole" ? [] : Words(cells[3]), Words(cells[4].Replace("`", ""))));

    static string[] Words(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\bRFC (?<rfc>\d+)(?:(?:,| and| to)? §(?<section>[0-9A-Z.]+))*")]
    private static partial Regex Citation();
}
