using System.Globalization;
using System.Net;

namespace AuthServer.Logins;

/// <summary>The parameters of a request as they may be used: an address that is none, or a port, is as good as not told (as in Dovecot).</summary>
static class OriginParameters
{
    public static string[] Usable(IReadOnlyList<string> parameters) => [.. parameters.Where(p => p.Split('=', 2) is var pair && IsUsable(pair[0], pair.Length > 1 ? pair[1] : ""))];

    static bool IsUsable(string name, string value) => name switch
    {
        "lip" or "rip" or "real_lip" or "real_rip" => IPAddress.TryParse(value, out _),
        "lport" or "rport" or "real_lport" or "real_rport" => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0,
        _ => true,
    };
}
