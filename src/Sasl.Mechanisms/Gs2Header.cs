using System.Text;

namespace Sasl.Mechanisms;

/// <summary>The GS2 header (RFC 5801 §4) that SCRAM and OAUTHBEARER begin with.</summary>
/// <param name="Binding">The client's word on channel bindings.</param>
/// <param name="BindingType">The type when one is used; else empty.</param>
/// <param name="AuthorizationId">As whom to act; empty for oneself.</param>
readonly record struct Gs2Header(BindingUse Binding, string BindingType, string AuthorizationId)
{
    /// <summary>Reads "flag,[a=name]," from the front. The length covers both commas.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out Gs2Header header, out int length)
    {
        (header, length) = (default, 0);
        var comma = message.IndexOf((byte)',');
        if (comma < 0 || !TryReadFlag(message[..comma], out var binding, out var type))
            return false;
        var rest = message[(comma + 1)..];
        var end = rest.IndexOf((byte)',');
        if (end < 0)
            return false;
        var authorizationId = "";
        // RFC 5801 §4: no "a=" with nothing behind it.
        if (end > 0 && !(rest[..end].StartsWith("a="u8) && TryReadName(rest[2..end], out authorizationId)))
            return false;
        (header, length) = (new(binding, type, authorizationId), comma + 1 + end + 1);
        return true;
    }

    /// <summary>The header on the wire.</summary>
    public override string ToString()
    {
        var flag = Binding switch { BindingUse.Used => "p=" + BindingType, BindingUse.NotOffered => "y", _ => "n" };
        return $"{flag},{(AuthorizationId.Length > 0 ? "a=" + EscapeName(AuthorizationId) : "")},";
    }

    /// <summary>RFC 5802 §5.1: "," as =2C and "=" as =3D.</summary>
    public static string EscapeName(string name) => name.Replace("=", "=3D").Replace(",", "=2C");

    /// <summary>A saslname (RFC 5801 §4): 1–1024 bytes of UTF-8 without NUL, where "=" stands only before 2C and 3D.</summary>
    public static bool TryReadName(ReadOnlySpan<byte> encoded, out string name)
    {
        if (!SaslText.TryReadIdentity(encoded, out name) || name.Length == 0)
            return false;
        if (!name.Contains('='))
            return true;
        var plain = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '=')
                plain.Append(name[i]);
            else if (name.AsSpan(i).StartsWith("=2C") || name.AsSpan(i).StartsWith("=3D"))
            {
                plain.Append(name[i + 1] == '2' ? ',' : '=');
                i += 2;
            }
            else
                return false;
        }
        name = plain.ToString();
        return true;
    }

    static bool TryReadFlag(ReadOnlySpan<byte> flag, out BindingUse binding, out string type)
    {
        (binding, type) = (BindingUse.None, "");
        if (flag is [(byte)'n'])
            return true;
        binding = BindingUse.NotOffered;
        if (flag is [(byte)'y'])
            return true;
        binding = BindingUse.Used;
        // RFC 5801 §4: cb-name is letters, digits, "." and "-".
        const int longestType = 64;
        if (!flag.StartsWith("p="u8) || flag.Length < 3 || flag.Length > longestType)
            return false;
        foreach (var b in flag[2..])
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'.' or (byte)'-'))
                return false;
        }
        type = Encoding.ASCII.GetString(flag[2..]);
        return true;
    }
}
