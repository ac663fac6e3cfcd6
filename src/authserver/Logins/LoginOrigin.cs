using Sasl.Protocols;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Logins;

/// <summary>Where a login comes from and over what, as the front end tells it. Values are the front end's word, not the client's.</summary>
/// <param name="Service">smtp, imap, pop3, lmtp, …</param>
/// <param name="Remote">The client's address as text, or null.</param>
/// <param name="Session">For the logs of both sides.</param>
sealed record LoginOrigin(string Service, string? Remote, string? Session)
{
    /// <summary>The parameters of the request, unescaped: name or name=value.</summary>
    public string[] Parameters { get; init; } = [];

    /// <summary>The mechanism's name in capitals; "" for a look-up without a login.</summary>
    public string Mechanism { get; init; } = "";

    /// <summary>Nobody can listen: TLS, or the client is on this host.</summary>
    public bool IsSecured => this["secured"] is not null;

    public bool IsTls => this["secured"] == "tls";

    /// <summary>The client has shown a certificate that was verified.</summary>
    public bool HasValidCertificate => this["valid-client-cert"] is not null;

    /// <summary>The name in that certificate, or null.</summary>
    public string? CertificateName => this["cert_username"] is { Length: > 0 } name && HasValidCertificate ? name : null;

    /// <summary>The value of a parameter, "" when it has none, null when it is not there.</summary>
    public string? this[string parameter] => TabLine.Value(Parameters, parameter);

    /// <summary>What the front end passes on from the client's own proxy: to be told again with the answer as "forward_…".</summary>
    public IEnumerable<(string Name, string Value)> Forwarded =>
        (this["forward_fields"] ?? "").Split('\t', StringSplitOptions.RemoveEmptyEntries).Select(TabLine.Unescape).Select(f => f.Split('=', 2))
            .Select(p => ($"forward_{p[0]}", p.Length > 1 ? p[1] : "yes"));

    public static LoginOrigin Of(ClientCommand.Auth command)
    {
        var parameters = OriginParameters.Usable(command.Parameters);
        return new(command.Service, TabLine.Value(parameters, "rip"), TabLine.Value(parameters, "session")) { Parameters = parameters, Mechanism = command.Mechanism.ToUpperInvariant() };
    }

    /// <summary>Of a look-up on a master socket, or null when it names no service.</summary>
    public static LoginOrigin? Of(MasterCommand.Query query)
    {
        if ((query["service"] ?? query["protocol"]) is not { Length: > 0 } service)
            return null;
        var parameters = OriginParameters.Usable(query.Fields);
        return new(service, TabLine.Value(parameters, "rip"), TabLine.Value(parameters, "session")) { Parameters = parameters };
    }

    /// <summary>What stands between the parentheses of a log line: user,address,&lt;session&gt;.</summary>
    public string Who(string user) =>
        $"{user}{(Remote is { Length: > 0 } ? $",{Remote}" : "")}{(Session is { Length: > 0 } ? $",<{Session}>" : "")}";
}
