namespace Interop.Tests.Matrix;

/// <summary>One test for each cell of the matrix. Red when the peer has the mechanism and a case fails.</summary>
public sealed class CellTests
{
    public static TheoryData<string, string, string> Names()
    {
        var names = new TheoryData<string, string, string>();
        foreach (var cell in Table.Cells)
            names.Add(cell.Mechanism.Name, cell.Peer.Name, cell.Peer.IsClient ? "client" : "server");
        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Cell(string mechanism, string peer, string side)
    {
        var cell = Table.Cells.Single(c => c.Mechanism.Name == mechanism && c.Peer.Name == peer && c.Peer.IsClient == (side == "client"));
        var result = await cell.ResultAsync();
        Assert.True(result.Red.Count == 0, string.Join("\n\n", result.Red));
    }
}
