using System.Text;

namespace MailServers.Smtp;

/// <summary>What a client sent, as the log shows it: printable ASCII as it is, the rest with C's escapes; not too much of it.</summary>
static class EscapedText
{
    const int Longest = 100;

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, Longest)])
        {
            _ = b switch
            {
                (byte)'\\' => text.Append("\\\\"),
                (byte)'\a' => text.Append("\\a"),
                (byte)'\b' => text.Append("\\b"),
                (byte)'\f' => text.Append("\\f"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'\v' => text.Append("\\v"),
                >= (byte)' ' and <= (byte)'~' => text.Append((char)b),
                _ => text.Append('\\').Append((char)('0' + (b >> 6))).Append((char)('0' + ((b >> 3) & 7))).Append((char)('0' + (b & 7))),
            };
        }
        return text.ToString();
    }
}
