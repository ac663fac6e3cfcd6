using Sasl.Hosting.Configuration;

namespace Fuzz;

/// <summary>master.cf: any text gives services with a port that there is, or problems.</summary>
static class MasterFileTarget
{
    public static readonly string[] Seeds =
    [
        "smtp inet n - y - - smtpd\nsubmission inet n - y - - smtpd\n  -o smtpd_tls_security_level=encrypt\n  -o { smtpd_x = a b }\n", "127.0.0.1:10025 inet n - n - 100 smtpd -v -D -osmtpd_y=z\n",
        "[::1]:25 inet n - - 1? 0 smtpd\nsmtp unix - - - - - smtp\npickup fifo n - n 60 1 pickup\n", "smtp inet n - y - - smtpd -o\n",
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var problems = new List<Problem>();
        var services = MasterFile.Parse("master.cf", Bytes.Utf8(input), problems);
        Check.That(services.All(s => s.Port is > 0 and < 65536 && s.ProcessLimit >= 0), "a service without a port");
        Check.That(services.All(s => s.Overrides.All(o => o.Key.Length > 0)), "an option without a name");
    }
}
