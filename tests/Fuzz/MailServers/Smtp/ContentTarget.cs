using System.Buffers;
using System.Text;
using MailServers.Queue.SmtpClient;
using MailServers.Smtp.Content;

namespace Fuzz;

/// <summary>
/// Text on its way through the SMTP server and out again, cut anywhere: BDAT text becomes CRLF text; the header filter drops only whole fields and
/// adds one header end; what the client side sends ends where it shall and nowhere before, without a stray CR or LF that another server might take
/// for a line end (smuggling outbound).
/// </summary>
static class ContentTarget
{
    public static readonly string[] Seeds =
    [
        "Subject: x\r\nBcc: secret\r\n folded\r\nReceived: y\r\n\r\n.body\r\n..\r\n.\r\n", "From x\nTo: y\n\nz", ">From x: y\r\n\r\n", " no header\r\n", "a\r.\rb\r\n", "\n.\n", "x: y\r\nnot a header\r\n", "\r\nbody", "\r\rx", "Bcc: x", new string('n', 130) + ": x\r\n\r\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        var step = 1 + choice;
        var normal = Normalize(bytes, step);
        Check.Same(Normalize(bytes, bytes.Length + 1), normal, "text normalized in pieces");
        Check.That(!Encoding.Latin1.GetString(normal).Replace("\r\n", "").Contains('\n'), "a bare LF");
        var filtered = Filter(normal, step);
        Check.Same(Filter(normal, normal.Length + 1), filtered, "text filtered in pieces");
        Check.That(filtered.Length <= normal.Length + 30, "the filter adds more than it says");
        var stuffed = Stuff(normal, step);
        Check.Same(Stuff(normal, normal.Length + 1), stuffed, "text sent in pieces");
        var sent = "\r\n" + Encoding.Latin1.GetString(stuffed);
        Check.Same(sent.Length - 5, sent.IndexOf("\r\n.\r\n", StringComparison.Ordinal), "where the sent text ends");
        Check.That(sent.Replace("\r\n", "").AsSpan().IndexOfAny('\r', '\n') < 0, "a stray CR or LF is sent");
    }

    static byte[] Normalize(byte[] bytes, int step)
    {
        var (output, normalizer) = (new ArrayBufferWriter<byte>(), new LineNormalizer());
        foreach (var piece in Bytes.Pieces(bytes, step))
            normalizer.Write(piece.Span, output);
        return output.WrittenSpan.ToArray();
    }

    static byte[] Filter(byte[] bytes, int step)
    {
        var output = new ArrayBufferWriter<byte>();
        var filter = new HeaderFilter(output, _ => "X: y\r\n");
        foreach (var piece in Bytes.Pieces(bytes, step))
            filter.Write(piece.Span);
        filter.Finish();
        return output.WrittenSpan.ToArray();
    }

    static byte[] Stuff(byte[] bytes, int step)
    {
        var (output, stuffer) = (new ArrayBufferWriter<byte>(), new DotStuffer());
        foreach (var piece in Bytes.Pieces(bytes, step))
            stuffer.Write(piece.Span, output);
        stuffer.End(output);
        return output.WrittenSpan.ToArray();
    }
}
