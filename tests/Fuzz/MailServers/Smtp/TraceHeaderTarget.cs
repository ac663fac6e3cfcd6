using MailServers.Smtp.Content;

namespace Fuzz;

/// <summary>A client's word in a header comment can neither end the comment nor the line (header injection).</summary>
static class TraceHeaderTarget
{
    public static readonly string[] Seeds = ["mail.example.com", "x)\r\nEvil: (y", "\"\\()<>", "\u00c3\u00a9", "\0"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var neutral = TraceHeader.Neutral(Bytes.Utf8(input));
        Check.That(neutral.Length <= 256 && neutral.All(c => c is > ' ' and <= '~' && !"()<>\\\"".Contains(c)), "a character that means something");
    }
}
