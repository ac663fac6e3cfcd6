using Sasl.Protocols.Saslauthd;

namespace Fuzz;

/// <summary>saslauthd replies: nothing but OK is a yes, and what is written is read back.</summary>
static class ReplyCodecTarget
{
    public static readonly string[] Seeds = ["\0\u0002OK", "\0\u0006NO bad", "\0\0", "\0\u0001O", "\u00ff\u00ffOKOK", "OK", "NO \u00ff"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length >= 2 && ReplyCodec.BodyLength(input) is { } length)
        {
            Check.That(length is >= 2 and <= ReplyCodec.LongestText, "a length beyond the bounds");
            if (input.Length >= 2 + length)
                Check.Same(input[2] == 'O' && input[3] == 'K', ReplyCodec.Parse(input.Slice(2, length)).Ok, "the verdict");
        }
        var text = Bytes.Utf8(input);
        var bytes = ReplyCodec.Encode(text);
        Check.That(bytes.Length <= 2 + ReplyCodec.LongestText, "a reply longer than clients read");
        Check.Same(text.StartsWith("OK", StringComparison.Ordinal), ReplyCodec.Parse(bytes.AsSpan(2)).Ok, "the verdict of a written reply");
    }
}
