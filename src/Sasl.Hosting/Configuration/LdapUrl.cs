using System.Globalization;
using System.Text;

namespace Sasl.Hosting.Configuration;

/// <summary>Where a directory server is: the part of an LDAP URL (RFC 4516 §2) that names a server, and ldapi with a socket's path in place of the host.</summary>
/// <param name="Scheme">"ldap", "ldaps" or "ldapi".</param>
/// <param name="Host">A name or an address; "" for ldapi.</param>
/// <param name="Port">0 for ldapi.</param>
/// <param name="Path">The socket of ldapi; "" else.</param>
public sealed record LdapUrl(string Scheme, string Host, int Port, string Path)
{
    /// <summary>Where OpenLDAP's own programs look when an ldapi URL names no path.</summary>
    public const string DefaultSocket = "/var/run/slapd/ldapi";

    const int LdapPort = 389, LdapsPort = 636;

    /// <summary>The connection cannot be listened to: TLS from its first byte, or no network at all.</summary>
    public bool IsLocal => Scheme == "ldapi";

    public bool IsTls => Scheme == "ldaps";

    public override string ToString() => IsLocal ? $"ldapi://{Uri.EscapeDataString(Path)}"
        : Host.Contains(':') ? string.Create(CultureInfo.InvariantCulture, $"{Scheme}://[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    /// <summary>Null with the reason when it names no server. A DN, filter and the like behind the server are refused: they have settings of their own.</summary>
    public static LdapUrl? Parse(string text, out string problem)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = end < 0 ? "" : text[..end].ToLowerInvariant();
        problem = $"{Short(text)} is no URL of a directory server (ldap://host, ldaps://host:port, ldapi://%2Fpath)";
        if (scheme is not ("ldap" or "ldaps" or "ldapi") || text.Any(c => c <= ' ' || c == '\x7f'))
            return null;
        var rest = text[(end + 3)..];
        var slash = rest.IndexOfAny(['/', '?']);
        var server = slash < 0 ? rest : rest[..slash];
        if (slash >= 0 && rest[slash..] != "/")
        {
            problem = $"{Short(text)}: nothing may stand behind the server's name; the base has a setting of its own{(scheme == "ldapi" ? ", and in a socket's path '/' is written %2F" : "")}";
            return null;
        }
        return scheme == "ldapi" ? Local(server, ref problem) : Network(scheme, server, text, ref problem);
    }

    static LdapUrl? Local(string server, ref string problem)
    {
        var path = server.Length == 0 ? DefaultSocket : Uri.UnescapeDataString(server);
        const int longest = 107;
        if (path[0] == '/' && !path.Contains('\0') && Encoding.UTF8.GetByteCount(path) <= longest)
            return new("ldapi", "", 0, path);
        problem = $"{Short(path)} is no absolute path that fits a Unix socket's address";
        return null;
    }

    static LdapUrl? Network(string scheme, string server, string text, ref string problem)
    {
        var port = scheme == "ldaps" ? LdapsPort : LdapPort;
        // RFC 3986 §3.2.2: an IPv6 address stands in brackets, so that its colons are not taken for the port's.
        var closing = server.StartsWith('[') ? server.IndexOf(']') : -1;
        var colon = server.IndexOf(':', Math.Max(closing, 0));
        var host = colon < 0 ? server : server[..colon];
        if (colon >= 0 && (!int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            problem = $"{Short(text)}: no port from 1 to 65535 behind ':'";
            return null;
        }
        if (closing >= 0)
        {
            var isAddress = host.Length == closing + 1 && System.Net.IPAddress.TryParse(host.AsSpan(1, closing - 1), out var address)
                && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            return isAddress ? new(scheme, host[1..closing], port, "") : null;
        }
        // What libldap does with "ldap:///".
        if (host.Length == 0)
            host = "localhost";
        const int longest = 255;
        return host.Length <= longest && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? new(scheme, host, port, "") : null;
    }

    static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
