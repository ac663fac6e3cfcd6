using System.Globalization;
using System.Net;

namespace AuthServer.Logins;

/// <summary>The parameters of a request as they may be used: an address that is none, or a port, is as good as not told (as in Dovecot), and the first of two counts.</summary>
static class OriginParameters
{
    public static string[] Usable(IReadOnlyList<string> parameters)
    {
        var usable = new List<string>(parameters.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            var equals = parameter.IndexOf('=');
            var name = equals < 0 ? parameter : parameter[..equals];
            if (IsUsable(name, equals < 0 ? "" : parameter[(equals + 1)..]) && names.Add(name))
                usable.Add(parameter);
        }
        return [.. usable];
    }

    static bool IsUsable(string name, string value) => name switch
    {
        "lip" or "rip" or "real_lip" or "real_rip" => IPAddress.TryParse(value, out _),
        "lport" or "rport" or "real_lport" or "real_rport" => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0,
        _ => true,
    };
}
