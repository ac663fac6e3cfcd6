using System.Text;

namespace Interop.Tests.Matrix;

/// <summary>docs/interop.md, made of the results.</summary>
static class Document
{
    public static async Task<string> WriteAsync()
    {
        var text = new StringBuilder("""
            # Interop matrix

            Written by the tests of `tests/Interop.Tests` (`make interop`), which run every cell against the real program: do not edit it.
            A number counts the cases that were proven in that cell; "–": the peer does not have the mechanism (asked of the peer, see below);
            "fault": the peer has it and it cannot work, "*": it works but for some cases, for the reason given below;
            "·": the peer has it and it was not tried with it. Columns: "→" the peer is the client and we are the server, "←" the other way round.


            """);
        string[] columns = [.. Table.Peers.Select(peer => $"{peer.Name} {(peer.IsClient ? "→" : "←")}")];
        text.AppendLine($"| mechanism | {string.Join(" | ", columns)} |").AppendLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var row in Table.Cells.GroupBy(cell => cell.Mechanism.Name))
            text.AppendLine($"| {row.Key} | {string.Join(" | ", await Task.WhenAll(row.Select(ShowAsync)))} |");

        text.AppendLine().AppendLine("## Peers").AppendLine().AppendLine("| peer | side | version | its mechanisms were asked by |").AppendLine("|---|---|---|---|");
        foreach (var peer in Table.Peers)
            text.AppendLine($"| {peer.Name} | {(peer.IsClient ? "client" : "server")} | {await peer.VersionAsync()} | {peer.Evidence} |");

        text.AppendLine().AppendLine("## Cases");
        foreach (var row in Table.Cells.GroupBy(cell => cell.Mechanism.Name))
        {
            text.AppendLine().AppendLine($"### {row.Key}").AppendLine();
            // Columns with the same cases share a line.
            var shown = new List<(string Who, string Cases)>();
            foreach (var cell in row)
            {
                if (await cell.ResultAsync() is { IsSupported: true } result)
                    shown.Add(($"{cell.Peer.Name} {(cell.Peer.IsClient ? "→" : "←")}", Show(result)));
            }
            if (shown.Count == 0)
                text.AppendLine("No peer has it.");
            foreach (var line in shown.GroupBy(s => s.Cases))
                text.AppendLine($"- {string.Join(", ", line.Select(l => l.Who))}: {line.Key}");
        }
        return text.ToString();
    }

    static async Task<string> ShowAsync(Cell cell) => await cell.ResultAsync() switch
    {
        { IsSupported: false } => "–",
        { NotTried: not null } => "·",
        { Red.Count: > 0 } => "**red**",
        { Proven: 0 } => "fault",
        { Proven: var proven, Cases.Count: var all } => $"{proven}{(proven < all ? "*" : "")}",
    };

    static string Show(CellResult result) => result.NotTried is { } reason ? $"not tried: {reason}." :
        string.Join("; ", result.Cases.Select(one => one.Fault is null ? one.What : $"{one.What}: **the peer's fault**: {one.Fault}")) + ".";
}
