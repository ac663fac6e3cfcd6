using MailStore.Text;
using Testing;

namespace Fuzz;

/// <summary>CRLF text as an LF file and back: the same bytes, and the sizes that were counted on the way.</summary>
static class LineEndTarget
{
    public static readonly string[] Seeds = ["a\r\nb\r\n", "\r\r\n\n\r", "\n\n\r\n\r", "\r", "x\r\r\r\ny"];

    static readonly TemporaryDirectory _directory = new();

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        var filter = new LineEndFilter();
        var file = new MemoryStream();
        var output = new byte[bytes.Length + 1];
        foreach (var piece in Bytes.Pieces(bytes, 1 + choice))
            file.Write(output, 0, filter.Filter(piece.Span, output));
        file.Write(filter.End());
        Check.Same(filter.Written, file.Length, "bytes written");
        File.WriteAllBytes(_directory["text"], file.ToArray());
        var handle = File.OpenHandle(_directory["text"]);
        using var stream = new CrlfStream(handle, 0, file.Length, CrlfStream.Measure(handle, 0, file.Length));
        using var back = new MemoryStream();
        stream.CopyTo(back);
        Check.Same(filter.CrlfSize, back.Length, "bytes read back");
        // A bare LF becomes CRLF: that is what the file means.
        Check.Same(Bare(bytes), back.ToArray(), "the text read back");
    }

    static byte[] Bare(byte[] bytes)
    {
        var all = new List<byte>();
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
                all.Add((byte)'\r');
            all.Add(bytes[i]);
        }
        return [.. all];
    }
}
