using System.IO.Pipelines;
using System.Text;
using Sasl.Hosting.Net;

namespace Fuzz;

/// <summary>
/// The text of DATA against the rule written down another way: only CRLF.CRLF ends it, whatever else looks like an end is text; what goes on is
/// CRLF text; what stands behind the end is left for the next reader, byte for byte (CVE-2023-51764).
/// </summary>
static class DotBlockTarget
{
    public static readonly string[] Seeds =
    [
        "Subject: x\r\n\r\n..text\r\n.\r\nQUIT\r\n", ".\r\nMAIL", "a\n.\nb\r\n.\r\n", "a\n.\r\nb\r\n.\r\n", "a\r\n.\nb\r\n.\r\n", "a\r.\rb\r\n.\r\n", "a\r\n.\rb\r\n.\r\r\n.\r\n", "\r\r\n.\r\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        foreach (var step in (int[])[bytes.Length + 1, 1 + choice % 7])
        {
            var (end, text, rest) = Read(bytes, step);
            var (wantedEnd, wantedText, wantedRest) = Rule(Encoding.Latin1.GetString(bytes));
            Check.Same(wantedEnd, end == LineStatus.Complete, "whether the text ends");
            if (!wantedEnd)
                continue;
            Check.Same(wantedText, text, "the text");
            Check.Same(wantedRest, rest, "what stands behind it");
        }
    }

    static (LineStatus Status, string Text, string Behind) Read(byte[] bytes, int step)
    {
        var pipe = PipeReader.Create(new TrickleStream(bytes, step));
        using var reader = new LineReader(pipe, TimeProvider.System);
        var text = new MemoryStream();
        var result = reader.ReadDotBlockAsync((block, _) =>
        {
            text.Write(block.Span);
            return ValueTask.CompletedTask;
        }, long.MaxValue).AsTask().GetAwaiter().GetResult();
        var rest = new MemoryStream();
        if (result.Status == LineStatus.Complete)
            pipe.CopyToAsync(rest).GetAwaiter().GetResult();
        Check.That(result.Status != LineStatus.Complete || result.Size == text.Length, "the size is not that of the text");
        return (result.Status, Encoding.Latin1.GetString(text.ToArray()), Encoding.Latin1.GetString(rest.ToArray()));
    }

    /// <summary>Line by line: a line ends at LF; a bare one is one without CR before it. Slow and plain.</summary>
    static (bool Ends, string Text, string Behind) Rule(string all)
    {
        var text = new StringBuilder();
        var isBareBefore = false;
        for (var at = 0; all.IndexOf('\n', at) is >= 0 and var feed;)
        {
            var line = all[at..feed];
            at = feed + 1;
            var isBare = !line.EndsWith('\r');
            if (!isBare)
                line = line[..^1];
            if (line == "." && !isBare && !isBareBefore)
                return (true, text.ToString(), all[at..]);
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            isBareBefore = isBare;
        }
        return (false, "", "");
    }
}
