using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FirstMail;

/// <summary>A self-signed certificate is pinned: the server must show exactly the one that lies in the file.</summary>
public static class Pinned
{
    public static RemoteCertificateValidationCallback To(string path) => (_, shown, _, _) =>
    {
        using var ours = X509CertificateLoader.LoadCertificateFromFile(path);
        return shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(ours.GetRawCertData());
    };
}
