using Sasl.Hosting.Configuration;
using Sasl.Protocols.DovecotAuth;

namespace AuthServer.Logins;

/// <summary>What client certificates are to the logins: auth_ssl_require_client_cert and auth_ssl_username_from_cert.</summary>
/// <param name="IsRequired">Without a certificate that the front end has verified nobody logs in.</param>
/// <param name="NamesUser">The name in the certificate is the user, whatever name the mechanism says.</param>
sealed record CertificateRules(bool IsRequired, bool NamesUser)
{
    public static CertificateRules From(AuthServerSettings settings) =>
        new(settings.Values.Boolean(DovecotConf.AuthSslRequireClientCert), settings.Values.Boolean(DovecotConf.AuthSslUsernameFromCert));

    /// <summary>
    /// Why this client may not even try, in words that he may read; null when he may. A certificate without a name is refused where the name counts: it
    /// would be a login as anybody (CVE-2019-3814).
    /// </summary>
    public string? Refuse(LoginOrigin origin) =>
        IsRequired && !origin.HasValidCertificate ? "Client didn't present valid SSL certificate"
        : NamesUser && origin is { HasValidCertificate: true, CertificateName: null } ? "Client's SSL certificate has no username"
        : null;

    /// <summary>The user that the certificate names, when it counts; else null.</summary>
    public string? UserOf(LoginOrigin origin) => NamesUser ? origin.CertificateName : null;
}
