using System.Text;
using MailControl;

namespace Fuzz;

/// <summary>
/// What programs pipe into sendmail: the body goes out as CRLF lines none of which is a lone dot, and the header with its recipients is taken apart
/// without an end of line in an address that is used.
/// </summary>
static class SendmailTarget
{
    public static readonly string[] Seeds =
    [
        "From x Mon\nTo: a@b, \"C D\" <c@d> (e)\nBcc: g:h@i;\nSubject: x\n\n.\n..body\nFrom me\n", "To: \"a\n RCPT TO:<evil@x>\"@b\n\nx", "To: <a\n b@c>\nResent-To: d\n\n.\r\n", "no header\n.x\n", "Subject: x\r\n folded\r\n\r\n\r\r\n.\r\nrest", "To: (((\nCc: <@a:b@c>,,;\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var (choice, bytes) = Bytes.Choose(input);
        var source = new SendmailInput(new TrickleStream(bytes, 1 + choice), ignoreDots: (choice & 1) == 0);
        if (source.ReadHeaderAsync(default).GetAwaiter().GetResult() is not { } header)
            return;
        Check.That(header.Recipients().Sum(r => (long)r.Length) <= bytes.Length, "recipients longer than the header");
        var written = header.Write("alice", "A \"B\" C");
        Check.That(written.EndsWith("\r\n\r\n", StringComparison.Ordinal) || written == "\r\n", "the header does not end");
        var body = new MemoryStream();
        source.CopyBodyAsync(piece =>
        {
            body.Write(piece.Span);
            return Task.CompletedTask;
        }, default).GetAwaiter().GetResult();
        var text = Encoding.Latin1.GetString(body.ToArray());
        Check.That(text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal), "the body does not end with a line end");
        Check.That(!("\r\n" + text).Contains("\r\n.\r\n", StringComparison.Ordinal), "a lone dot in the body");
        Check.That(!text.Replace("\r\n", "").Contains('\n'), "a bare LF in the body");
    }
}
