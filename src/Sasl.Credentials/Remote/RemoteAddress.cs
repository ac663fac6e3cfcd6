using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sasl.Credentials.Remote;

/// <summary>A host and a port as Cyrus' rimap takes them: "host" or "host/port", the port a name or a number. An IPv6 address may stand in brackets.</summary>
/// <param name="Port">Null when none was given.</param>
readonly record struct RemoteAddress(string Host, int? Port)
{
    /// <summary>False with what is wrong.</summary>
    public static bool TryParse(string text, out RemoteAddress address, [NotNullWhen(false)] out string? problem)
    {
        address = default;
        var slash = text.LastIndexOf('/');
        var (host, port) = slash < 0 ? (text, null) : (text[..slash], text[(slash + 1)..]);
        if (host is ['[', .., ']'])
            host = host[1..^1];
        if (Problem(host) is { } wrong)
        {
            problem = wrong;
            return false;
        }
        if (port is not null && ServiceNames.Port(port) is null)
        {
            problem = $"{RemoteTexts.Line(port)} is no port";
            return false;
        }
        (address, problem) = (new(host, port is null ? null : ServiceNames.Port(port)), null);
        return true;
    }

    /// <summary>What is wrong with a host name, or null. Whether it resolves is seen when it is asked.</summary>
    public static string? Problem(string host) =>
        host.Length is 0 or > 255 ? "no host name"
        : host.Contains(':') && !IPAddress.TryParse(host, out _) ? $"{RemoteTexts.Line(host)} is no host name (write host/port)"
        : host.Any(c => "/[]@?#%\\\"' \t".Contains(c) || char.IsControl(c) || c > '~') ? $"{RemoteTexts.Line(host)} is no host name"
        : null;
}
