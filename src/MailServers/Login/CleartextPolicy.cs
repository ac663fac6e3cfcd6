using System.Net;

namespace MailServers.Login;

/// <summary>
/// Whether a client may authenticate, and whether with a password that travels as it is. The auth server knows nothing of this: it is
/// the front end that sees the line (RFC 4616 §5: PLAIN only where the line keeps the password to itself).
/// </summary>
/// <param name="Secured">The line counts as safe: TLS, the same host, or a trusted network.</param>
/// <param name="CleartextAllowed">PLAIN, LOGIN and USER/PASS may be used.</param>
/// <param name="AuthenticationAllowed">Any mechanism may be used.</param>
readonly record struct CleartextPolicy(bool Secured, bool CleartextAllowed, bool AuthenticationAllowed)
{
    public static CleartextPolicy For(LoginSettings settings, LoginPeer peer, bool tls)
    {
        // ssl=required means it: a trusted network is no substitute, only a line that never leaves this host is.
        var required = settings.Tls == TlsMode.Required;
        var secured = tls || peer.IsSameHost || (!required && IsTrusted(settings.TrustedNetworks, peer.Remote));
        return new(secured, secured || (!settings.DisablePlaintextAuth && !required), secured || !required);
    }

    static bool IsTrusted(IReadOnlyList<IPNetwork> networks, IPAddress remote)
    {
        foreach (var network in networks)
            if (network.BaseAddress.AddressFamily == remote.AddressFamily && network.Contains(remote))
                return true;
        return false;
    }
}
