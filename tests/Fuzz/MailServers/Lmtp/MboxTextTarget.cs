using System.Text;
using MailServers.Lmtp;

namespace Fuzz;

/// <summary>A mail as file and command get it: one From_ line, the first, whatever the text holds (mbox injection); no CR before LF.</summary>
static class MboxTextTarget
{
    public static readonly string[] Seeds = ["Subject: x\r\n\r\nFrom evil\r\nFroM\r\n>From y\r\n", "From \r\nFrom", "\r\r\nFrom x\r\n\rFrom y\n", "F\r\nFr\r\nFro\r\nFrom\r\nFrom \r\n"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var output = new MemoryStream();
        MboxText.WriteAsync(new ForwardedMail("a@b", "c@d", "Delivered-To: c@d\r\n", new TrickleStream(bytes, 1 + (bytes.Length % 7))), quoteFrom: true, text =>
        {
            output.Write(text.Span);
            return ValueTask.CompletedTask;
        }, default).AsTask().GetAwaiter().GetResult();
        var lines = Encoding.Latin1.GetString(output.ToArray()).Split('\n');
        Check.That(lines[0].StartsWith("From a@b  ", StringComparison.Ordinal), "no From_ line");
        Check.That(lines.Skip(1).All(l => !l.StartsWith("From ", StringComparison.Ordinal)), "a second From_ line");
        Check.That(lines is [.., "", ""], "no empty line at the end");
    }
}
