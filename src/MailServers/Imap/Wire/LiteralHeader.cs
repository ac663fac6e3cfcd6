using System.Buffers.Text;

namespace MailServers.Imap.Wire;

/// <summary>"{123}" or, when the client does not wait for leave (RFC 7888 §3), "{123+}".</summary>
static class LiteralHeader
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long size, out bool synchronising, out int length)
    {
        (size, synchronising, length) = (0, true, 0);
        if (text.Length < 3 || text[0] != '{' || text[1] is < (byte)'0' or > (byte)'9' || !Utf8Parser.TryParse(text[1..], out size, out var digits) || size < 0)
            return false;
        length = 1 + digits;
        if (length < text.Length && text[length] == '+')
            (synchronising, length) = (false, length + 1);
        return length < text.Length && text[length++] == '}';
    }

    /// <summary>The announcement that ends a line, if one does. A "{5}" between quotation marks is none.</summary>
    public static bool TryFindAtEnd(ReadOnlySpan<byte> line, out long size, out bool synchronising, out int start)
    {
        (size, synchronising) = (0, true);
        start = line.LastIndexOf((byte)'{');
        return start >= 0 && line[^1] == '}' && TryParse(line[start..], out size, out synchronising, out var length)
            && start + length == line.Length && !EndsQuoted(line[..start]);
    }

    static bool EndsQuoted(ReadOnlySpan<byte> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            else if (quoted && text[i] == '\\')
                i++;
        }
        return quoted;
    }
}
