using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Sasl.Mechanisms;

/// <summary>The strings of ManageSieve around base64 (RFC 5804 §1.2 and §4); the other forms have nothing around it.</summary>
static class SaslTextForm
{
    // RFC 5804 §4: a quoted string has 1024 octets at most.
    const int LongestQuoted = 1024;

    public static byte[] Wrap(SaslForm form, SaslPlace place, byte[] text)
    {
        if (form != SaslForm.SieveString)
            return text;
        if (text.Length <= LongestQuoted)
            return [(byte)'"', .. text, (byte)'"'];
        // RFC 5804 §4: only a client's literal has the plus.
        var plus = place is SaslPlace.Initial or SaslPlace.Response ? "+" : "";
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{{text.Length}{plus}}}\r\n")), .. text];
    }

    /// <summary>The base64 in it. No base64 begins with a quote or a brace: what does not is a string's content already.</summary>
    public static bool TryUnwrap(SaslForm form, ReadOnlySpan<byte> text, out ReadOnlySpan<byte> inner)
    {
        inner = text;
        if (form != SaslForm.SieveString || text is not [(byte)'"' or (byte)'{', ..])
            return true;
        if (text[0] == '"')
        {
            inner = text.Length > 1 ? text[1..^1] : default;
            return text is [_, .., (byte)'"'];
        }
        if (!Utf8Parser.TryParse(text[1..], out uint length, out var digits))
            return false;
        var rest = text[(1 + digits)..];
        rest = rest.StartsWith("+"u8) ? rest[1..] : rest;
        inner = rest.Length >= 3 ? rest[3..] : default;
        return rest.StartsWith("}\r\n"u8) && inner.Length == length;
    }
}
