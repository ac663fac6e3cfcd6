using MailStore;
using MailStore.Structure;

namespace Fuzz;

/// <summary>
/// MIME: any bytes give a structure whose offsets lie in the text and in each other; a multipart has children, a message has its message; parts and
/// depth are bounded (CVE-2020-12100, CVE-2020-25275). The cut of the reads does not matter.
/// </summary>
static class StructureTarget
{
    public static readonly string[] Seeds =
    [
        "From: a@b\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nz\r\n--b--\r\nepilogue\r\n",
        "Content-Type: multipart/digest; boundary=a\r\n\r\n--a\r\n\r\nFrom: x\r\n\r\n--a--", "Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n", "\r\n--b\r\n\r\n--b--\r\n--b\r\n",
        "Content-Type: multipart/a; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/b; boundary=ab\r\n\r\n--ab\r\n--a\r\n--ab--\r\n--a--", "To: a:b;,<@c:d@e>(x)\r\nContent-Disposition: attachment; filename*0=a; filename*1*=b\r\nContent-Type: text/plain; name==?x?=\r\n\r\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        using var text = new TrickleStream(bytes, 1 + choice);
        var parts = 0;
        Part(StructureParser.Parse(text).Root, 0, bytes.Length, 0, ref parts);
        Check.That(parts <= 2 * StructureParser.MostParts + 2, "too many parts");
    }

    static void Part(PartStructure part, long start, long end, int depth, ref int parts)
    {
        parts++;
        Check.That(depth <= StructureParser.Deepest + 1, "nested too deep");
        Check.That(start <= part.HeaderStart && part.HeaderStart <= part.BodyStart && part.BodyStart <= part.End && part.End <= end, $"offsets {part.HeaderStart} {part.BodyStart} {part.End} outside {start} {end}");
        Check.That(part.BodyLines >= 0, "a negative number of lines");
        Check.That(part.IsMultipart == part.Children.Count > 0, "a multipart without children, or children without a multipart");
        Check.IsOneLine(part.Type + part.Subtype + part.Id + part.Description + part.Encoding + string.Concat(part.Parameters.Select(p => p.Key + p.Value)), "a header's value");
        foreach (var child in part.Children)
            Part(child, part.BodyStart, part.End, depth + 1, ref parts);
        if (part.Message is not { } message)
            return;
        Check.That(message.Root.HeaderStart == part.BodyStart, "an embedded message that begins elsewhere");
        Part(message.Root, part.BodyStart, part.End, depth + 1, ref parts);
    }
}
