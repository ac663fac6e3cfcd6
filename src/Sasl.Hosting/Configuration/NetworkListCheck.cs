using System.Net;

namespace Sasl.Hosting.Configuration;

/// <summary>The lists of addresses, networks and domains of main.cf.</summary>
static class NetworkListCheck
{
    static readonly Setting[] _networks =
        [MainCf.Mynetworks, MainCf.SmtpdSaslExceptionsNetworks, MainCf.SmtpdForbidBareNewlineExclusions, MainCf.SmtpdClientEventLimitExceptions];

    static readonly string[] _protocols = ["all", "ipv4", "ipv6"];

    public static void Run(Settings settings, Action<string, string, string?, bool> report)
    {
        foreach (var list in _networks.Where(l => settings.Explicit.ContainsKey(l.Name)))
            Networks(list.Name, settings.List(list), report);
        if (settings.Explicit.ContainsKey(MainCf.InetInterfaces.Name))
            Interfaces(settings.List(MainCf.InetInterfaces), report);
        var protocols = settings.List(MainCf.InetProtocols);
        if (protocols.Count == 0)
            report(MainCf.InetProtocols.Name, "no protocol (all, ipv4 or ipv6)", "all", false);
        foreach (var protocol in protocols.Where(p => !_protocols.Contains(p)))
            report(MainCf.InetProtocols.Name, $"unknown protocol: \"{protocol}\"", NearMiss.Find(protocol, _protocols), false);
    }

    static void Networks(string name, IReadOnlyList<string> elements, Action<string, string, string?, bool> report)
    {
        foreach (var element in elements)
        {
            var text = element.TrimStart('!');
            if (text.StartsWith('/'))
            {
                if (!File.Exists(text))
                    report(name, $"file {text} does not exist", null, false);
            }
            else if (LooksLikeAddress(text))
            {
                if (NetworkPattern.Parse(text, demandBrackets: true, out var error) is null)
                    report(name, error!.Value.Message, error.Value.Suggestion, false);
            }
            else if (text.Contains(':'))
                report(name, $"look-up table \"{text}\": not implemented in this version", null, false);
        }
    }

    static void Interfaces(IReadOnlyList<string> elements, Action<string, string, string?, bool> report)
    {
        if (elements.Count == 0)
            report(MainCf.InetInterfaces.Name, "no address; to listen on none, remove the services from master.cf", "loopback-only", false);
        foreach (var element in elements)
        {
            if (element is "all" or "loopback-only" || IPAddress.TryParse(element.Trim('[', ']'), out _) && IsPlausible(element))
                continue;
            if (element.Contains('/') || element.Contains(':') || LooksLikeAddress(element))
                report(MainCf.InetInterfaces.Name, $"\"{element}\" is not an address of an interface", null, false);
            else if (NearMiss.Find(element, ["all", "loopback-only"]) is { } meant || !element.Contains('.') && element != "localhost" && !IsLabel(element))
                report(MainCf.InetInterfaces.Name, $"\"{element}\" is not an address of an interface", NearMiss.Find(element, ["all", "loopback-only"]), false);
        }
    }

    /// <summary>"127.1" parses as an address, but nobody means it.</summary>
    static bool IsPlausible(string text) => text.Contains(':') || text.AsSpan().Count('.') == 3;

    static bool IsLabel(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    static bool LooksLikeAddress(string text) =>
        text.StartsWith('[') || (text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c is '.' or '/'))
        || (text.Contains("::") || text.AsSpan().Count(':') > 1) && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '/' or '.');
}
