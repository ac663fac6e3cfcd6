using System.Net;
using System.Net.Sockets;
using Sasl.Hosting.Configuration;

namespace MailSupervisor.House;

/// <summary>From the words of the configuration to the addresses that are bound.</summary>
static class Endpoints
{
    /// <summary>inet_interfaces and inet_protocols, or the host that master.cf writes before the port.</summary>
    public static IEnumerable<string> ForSmtp(Settings settings, MasterService service, List<Problem> problems)
    {
        var words = service.Host is { } host ? [host] : settings.List(MainCf.InetInterfaces);
        var protocols = settings.List(MainCf.InetProtocols);
        return Bind(words.SelectMany(Expand), service.Port, protocols.Contains("all") || protocols.Contains("ipv4"),
            protocols.Contains("all") || protocols.Contains("ipv6"), service.File, service.Line, problems);
    }

    /// <summary>listen, or a listener's own address.</summary>
    public static IEnumerable<string> ForDovecot(DovecotInetListener listener, List<Problem> problems) =>
        Bind(listener.Addresses.SelectMany(Expand), listener.Port, true, true, listener.File, listener.Line, problems);

    static IEnumerable<string> Expand(string word) => word switch
    {
        "all" => ["0.0.0.0", "::"],
        "*" => ["0.0.0.0"],
        "loopback-only" or "localhost" => ["127.0.0.1", "::1"],
        _ => [word.Trim('[', ']')],
    };

    static List<string> Bind(IEnumerable<string> words, int port, bool ipv4, bool ipv6, string file, int line, List<Problem> problems)
    {
        var addresses = new List<string>();
        foreach (var word in words)
        {
            if (!IPAddress.TryParse(word, out var address))
                problems.Add(new(file, line, $"\"{word}\" is not an IP address; a root process asks no resolver"));
            else if (address.AddressFamily == AddressFamily.InterNetwork ? ipv4 : ipv6 && Socket.OSSupportsIPv6)
                addresses.Add(new IPEndPoint(address, port).ToString());
        }
        return [.. addresses.Distinct()];
    }
}
