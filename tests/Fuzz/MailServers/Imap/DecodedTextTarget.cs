using MailServers.Imap.Fetch;
using MailServers.Imap.Search;

namespace Fuzz;

/// <summary>What SEARCH and FETCH read of a message: encoded words, transfer encodings and header fields, cut anywhere; the result is no longer than the text.</summary>
static class DecodedTextTarget
{
    public static readonly string[] Seeds =
    [
        "=?utf-8?q?a_=c3=a4?= =?utf-8?b?w6Q=?= x", "=?x?q?=?=?=?", "=?utf-8*en?B?YQ==?=", "SGVsbG8=\r\nIQ==", "a=3D=\r\nb=zz=4", "Subject: x\r\n folded\r\nTo: y\r\n\r\nbody", ": x\r\n\r\n", "=?iso-2022-jp?b?GyRC?=", "=?utf-7?q?+?=", "\n", "Subject\r\nSubject : y\r\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        var text = Bytes.Utf8(bytes);
        Check.That(EncodedWords.Decode(text).Length <= 8L * text.Length, "a header that grows when it is decoded");
        foreach (var encoding in (string[])["base64", "quoted-printable", "7bit"])
        {
            Check.Same(Decode(bytes, encoding, bytes.Length + 1), Decode(bytes, encoding, 1 + choice), $"{encoding} decoded in pieces");
            foreach (var needle in (string[])["x", "Hello"])
                PartText.ContainsAsync(new MemoryStream(bytes), 0, bytes.Length, encoding, choice % 2 == 0 ? "utf-8" : text, needle).AsTask().GetAwaiter().GetResult();
        }
        foreach (var not in (bool[])[false, true])
            Check.Same(Filter(bytes, not, bytes.Length + 1), Filter(bytes, not, 1 + choice), "a header filtered in pieces");
        Check.That(Filter(bytes, false, 7).Length + Filter(bytes, true, 7).Length <= bytes.Length, "fields that are both kept and dropped");
    }

    static byte[] Decode(byte[] bytes, string encoding, int step)
    {
        var (decoder, output) = (TransferDecoder.For(encoding), new MemoryStream());
        foreach (var piece in Bytes.Pieces(bytes, step))
        {
            var block = piece.ToArray();
            output.Write(block, 0, decoder?.Decode(block) ?? block.Length);
        }
        return output.ToArray();
    }

    static byte[] Filter(byte[] bytes, bool not, int step)
    {
        var (filter, output) = (new HeaderFilter(["Subject"], not), new MemoryStream());
        foreach (var piece in Bytes.Pieces(bytes, step))
            filter.Take(piece.Span, output.Write);
        return output.ToArray();
    }
}
