using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sasl.Hosting.Daemon;

namespace MailControl;

/// <summary>
/// mailctl certificate [-o FILE] [-d DAYS] [-f] [NAME…]: a self-signed certificate with its key in one PEM file that only its owner can
/// read, from the moment it exists. Without names: the host's name and localhost.
/// </summary>
static class CertificateCommand
{
    const string Usage = "usage: mailctl certificate [-o FILE] [-d DAYS] [-f] [NAME...]";
    const int DefaultDays = 365;

    public static Command Command { get; } = new("certificate", "[-o FILE] [-d DAYS] [-f] [NAME...]: make a self-signed certificate and key", [], RunAsync);

    static Task<int> RunAsync(CommandContext context, IReadOnlyList<string> arguments)
    {
        var (file, days, isForced) = ("mail.pem", DefaultDays, false);
        var names = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "-f")
                isForced = true;
            else if (arguments[i] == "-o" && i + 1 < arguments.Count)
                file = arguments[++i];
            else if (arguments[i] == "-d" && i + 1 < arguments.Count && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out days) && days is > 0 and < 36500)
                i++;
            else if (arguments[i].StartsWith('-'))
                return Task.FromResult(context.Fail(Usage, ExitCode.Usage));
            else
                names.Add(arguments[i]);
        }
        if (names.Count == 0)
            names.AddRange(new[] { context.System().QualifiedHostName, "localhost" }.Distinct());
        if (names.Find(n => !IPAddress.TryParse(n, out _) && Uri.CheckHostName(n.StartsWith("*.", StringComparison.Ordinal) ? n[2..] : n) != UriHostNameType.Dns) is { } bad)
            return Task.FromResult(context.Fail($"\"{bad}\" is neither a host name nor an address", ExitCode.DataError));
        if (!isForced && (File.Exists(file) || Directory.Exists(file)))
            return Task.FromResult(context.Fail($"{file} exists already; -f replaces it", ExitCode.CantCreate));

        OwnerOnlyFile.Write(file, Encoding.ASCII.GetBytes(Make(names, TimeProvider.System.GetUtcNow(), days)), isForced);
        context.Output.WriteLine($"{file}: certificate and key for {string.Join(", ", names)}, valid for {days} days");
        return Task.FromResult(0);
    }

    /// <summary>Key and certificate in PEM. ECDSA P-256; the names go into subjectAltName, which is all that clients look at (RFC 6125 §6.4.4).</summary>
    public static string Make(IReadOnlyList<string> names, DateTimeOffset now, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        // An hour back, for clients whose clock is slow.
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(days));
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n";
    }
}
