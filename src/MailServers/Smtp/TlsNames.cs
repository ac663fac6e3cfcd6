using System.Net.Security;
using System.Security.Authentication;

namespace MailServers.Smtp;

/// <summary>Protocol versions as mail logs spell them.</summary>
static class TlsNames
{
    public static string Protocol(SslStream tls) => tls.SslProtocol switch
    {
        SslProtocols.Tls13 => "TLSv1.3",
        SslProtocols.Tls12 => "TLSv1.2",
        var other => other.ToString(),
    };
}
