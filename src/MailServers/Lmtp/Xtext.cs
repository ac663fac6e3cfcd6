using System.Globalization;
using System.Text;

namespace MailServers.Lmtp;

/// <summary>xtext (RFC 3461 §4): printable ASCII as it is, everything else, "+" and "=" as "+" and two upper-case hexadecimal digits.</summary>
static class Xtext
{
    /// <summary>Null when it is none.</summary>
    public static string? TryDecode(ReadOnlySpan<char> text)
    {
        var decoded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < '!' or > '~' or '=')
                return null;
            if (c == '+')
            {
                if (i + 2 >= text.Length || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                    return null;
                c = (char)value;
                i += 2;
            }
            decoded.Append(c);
        }
        return decoded.ToString();
    }
}
