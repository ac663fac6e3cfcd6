using System.Diagnostics.CodeAnalysis;

namespace Sasl.Credentials.Remote;

/// <summary>"scheme://host[:port][?starttls=required|no]": the server that imap and smtp ask.</summary>
readonly record struct RemoteUrl(string Host, int Port, RemoteTls Tls)
{
    /// <summary>The schemes of each mechanism, with their port and whether TLS comes first.</summary>
    static readonly (string Mechanism, string Scheme, int Port, bool IsTls)[] _schemes =
    [
        ("imap", "imap", 143, false), ("imap", "imaps", 993, true),
        ("smtp", "smtp", 25, false), ("smtp", "smtps", 465, true), ("smtp", "submission", 587, false), ("smtp", "submissions", 465, true),
    ];

    /// <summary>False with what is wrong.</summary>
    public static bool TryParse(string mechanism, string text, out RemoteUrl url, [NotNullWhen(false)] out string? problem)
    {
        url = default;
        var end = text.IndexOf("://", StringComparison.Ordinal);
        var (scheme, port, isTls) = _schemes.Where(s => end > 0 && s.Mechanism == mechanism && text[..end].Equals(s.Scheme, StringComparison.OrdinalIgnoreCase))
            .Select(s => (s.Scheme, s.Port, s.IsTls)).FirstOrDefault();
        if (scheme is null)
        {
            problem = $"-O is a URL that begins with {string.Join(" or ", _schemes.Where(s => s.Mechanism == mechanism).Select(s => $"{s.Scheme}://"))}";
            return false;
        }
        var rest = text[(end + 3)..];
        var question = rest.IndexOf('?');
        var (authority, query) = question < 0 ? (rest, "") : (rest[..question], rest[(question + 1)..]);
        problem = Read(authority.TrimEnd('/'), ref port, out var host);
        problem ??= Mode(query, isTls, out _);
        if (problem is not null)
            return false;
        _ = Mode(query, isTls, out var tls);
        url = new(host, port, tls);
        return true;
    }

    static string? Read(string authority, ref int port, out string host)
    {
        var bracket = authority.LastIndexOf(']');
        var colon = authority.IndexOf(':', Math.Max(bracket, 0));
        host = colon < 0 ? authority : authority[..colon];
        if (host is ['[', .., ']'])
            host = host[1..^1];
        if (RemoteAddress.Problem(host) is { } problem)
            return problem;
        if (colon < 0)
            return null;
        if (ServiceNames.Port(authority[(colon + 1)..]) is not { } given)
            return $"{RemoteTexts.Line(authority[(colon + 1)..])} is no port";
        port = given;
        return null;
    }

    static string? Mode(string query, bool isTls, out RemoteTls tls)
    {
        tls = isTls ? RemoteTls.Implicit : RemoteTls.IfOffered;
        switch (query)
        {
            case "":
                return null;
            case "starttls=required" when !isTls:
                tls = RemoteTls.StartTls;
                return null;
            case "starttls=no" when !isTls:
                tls = RemoteTls.Never;
                return null;
            default:
                return isTls ? "nothing may follow the port of this URL" : $"?{RemoteTexts.Line(query)}: only ?starttls=required and ?starttls=no are known";
        }
    }
}
