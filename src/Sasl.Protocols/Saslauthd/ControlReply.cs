using System.Text;

namespace Sasl.Protocols.Saslauthd;

/// <summary>
/// The reply on DIR/control: TAB lines, then "OK", or "NO" and why not. A reply without its last line was cut off and is none.
/// </summary>
/// <param name="Problem">Null: it was done.</param>
public sealed record ControlReply(IReadOnlyList<string[]> Rows, string? Problem = null)
{
    /// <summary>More than the largest memory of successes has to tell.</summary>
    public const int Longest = 64 << 20;

    const string Done = "OK", Failed = "NO";

    public static ControlReply Refuse(string problem) => new([], problem);

    public byte[] Encode()
    {
        var text = new StringBuilder();
        foreach (var row in Rows)
            text.Append(TabLine.Join(row)).Append('\n');
        text.Append(Problem is null ? Done : TabLine.Join(Failed, Problem)).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Null when it is not whole.</summary>
    public static ControlReply? Parse(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.EndsWith("\n"u8))
            return null;
        var lines = Encoding.UTF8.GetString(bytes[..^1]).Split('\n');
        var rows = lines[..^1].Select(TabLine.Split).ToArray();
        return TabLine.Split(lines[^1]) switch
        {
            [Done] => new(rows),
            [Failed, var problem] => new(rows, problem),
            _ => null,
        };
    }
}
