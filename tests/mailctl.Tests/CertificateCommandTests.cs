using System.Net;
using System.Security.Cryptography.X509Certificates;
using Sasl.Hosting.Net;
using Testing;

namespace mailctl.Tests;

public sealed class CertificateCommandTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Key_and_certificate_are_in_one_file_that_only_the_owner_can_read()
    {
        var file = _directory["mail.pem"];
        var outcome = await Run.MailctlAsync("certificate", "-o", file, "mail.example.com", "*.example.com", "192.0.2.1", "2001:db8::1");
        Assert.Equal((0, $"{file}: certificate and key for mail.example.com, *.example.com, 192.0.2.1, 2001:db8::1, valid for 365 days\n"), (outcome.Status, outcome.Output));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var pem = File.ReadAllText(file);
        using var certificate = X509Certificate2.CreateFromPem(pem, pem);
        Assert.Equal("1.2.840.10045.2.1", certificate.GetKeyAlgorithm());
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["mail.example.com", "*.example.com"], names.EnumerateDnsNames());
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], names.EnumerateIPAddresses());
        Assert.NotNull(ServerTls.FromPem(pem, pem));
    }

    [Fact]
    public async Task Without_names_it_is_for_this_host()
    {
        var outcome = await Run.MailctlAsync("certificate", "-d", "30", "-o", _directory["a.pem"]);
        Assert.EndsWith("for vm.localdomain, localhost, valid for 30 days\n", outcome.Output);
    }

    [Fact]
    public async Task A_file_that_is_there_is_left_alone_without_f()
    {
        var file = _directory["mail.pem"];
        File.WriteAllText(file, "precious");
        var refused = await Run.MailctlAsync("certificate", "-o", file);
        Assert.Equal((73, "certificate: ", "precious"), (refused.Status, refused.Error[..13], File.ReadAllText(file)));
        Assert.Equal(0, (await Run.MailctlAsync("certificate", "-f", "-o", file)).Status);
        Assert.Contains("BEGIN CERTIFICATE", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal([file], Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData("bad name")]
    [InlineData("a..b")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        Assert.Equal(65, (await Run.MailctlAsync("certificate", "-o", _directory["x.pem"], name)).Status);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_an_error_not_a_crash() =>
        Assert.Equal(1, (await Run.MailctlAsync("certificate", "-o", "/nowhere/at/all.pem")).Status);
}
