using System.IO.Pipelines;
using System.Text;
using Sasl.Hosting.Net;

namespace Fuzz;

/// <summary>Lines do not depend on where the network cuts, are never longer than allowed, and hold no line end and no NUL when they are complete.</summary>
static class LineReaderTarget
{
    const int Longest = 100;

    public static readonly string[] Seeds = ["EHLO a\r\nMAIL FROM:<b>\r\n", "a\nb\r\r\n\0\r\n", new string('x', 101) + "\r\n" + new string('x', 100) + "\n", "\r\n\r\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        var ending = (choice & 1) == 0 ? LineEnding.Lenient : LineEnding.Strict;
        var whole = Lines(bytes, bytes.Length + 1, ending);
        Check.SameItems(whole, Lines(bytes, 1 + (choice >> 1) % 5, ending), "lines read in pieces");
        Check.Same(bytes.Count(b => b == '\n'), whole.Count, "number of lines");
    }

    static List<string> Lines(byte[] bytes, int step, LineEnding ending)
    {
        using var reader = new LineReader(PipeReader.Create(new TrickleStream(bytes, step)), TimeProvider.System) { Ending = ending };
        var lines = new List<string>();
        while (reader.ReadLineAsync(Longest).AsTask().GetAwaiter().GetResult() is { IsEnd: false } line)
        {
            Check.That(line.Bytes.Length <= Longest, "a line is longer than allowed");
            Check.That(!line.Bytes.Span.Contains((byte)'\n'), "a line holds its end");
            Check.That(!line.IsComplete || !line.Bytes.Span.Contains((byte)0), "a complete line holds NUL");
            lines.Add($"{line.Status} {Encoding.Latin1.GetString(line.Bytes.Span)}");
        }
        return lines;
    }
}
