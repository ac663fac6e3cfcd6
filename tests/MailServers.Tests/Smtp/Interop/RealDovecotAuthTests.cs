using System.Diagnostics;
using Sasl.Protocols.Tests.DovecotAuth;
using Testing;
using Xunit.Abstractions;

namespace MailServers.Tests.Smtp.Interop;

/// <summary>smtpd_sasl_type = dovecot on a real Dovecot's socket, with real clients of our smtpd.</summary>
public sealed class RealDovecotAuthTests(RealDovecot dovecot, ITestOutputHelper output) : IClassFixture<RealDovecot>
{
    async Task<string> RunAsync(string program, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60)) + await errors;
        await process.WaitForExitAsync();
        output.WriteLine(said);
        return said;
    }

    [RequiresTheory(root: true, program: RealDovecot.Program)]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    [InlineData("DIGEST-MD5")]
    [InlineData("SCRAM-SHA-256")]
    public async Task Each_mechanism_with_the_right_password_and_with_a_wrong_one(string mechanism)
    {
        await using var server = new SmtpTestServer(authPath: dovecot.ClientSocket);
        var port = server.Listen();
        foreach (var (password, isIn) in new[] { ("wonderland", true), ("wrong", false), ("wonderland", true) })
        {
            var said = await RunAsync("gsasl", "", "--smtp", "--no-starttls", "--no-cb", "-m", mechanism, "-a", "alice", "-p", password, "--service=smtp", "--hostname=mail.example.com", $"--connect=127.0.0.1:{port}");
            Assert.Equal(isIn, said.Contains("\n235 2.7.0 ", StringComparison.Ordinal));
            Assert.Equal(!isIn, said.Contains("\n535 5.7.8 ", StringComparison.Ordinal));
            said = await RunAsync("/usr/lib/cyrus/bin/smtptest", ". QUIT\n", "-p", $"{port}", "-m", mechanism, "-a", "alice", "-u", "alice", "-w", password, "127.0.0.1");
            Assert.Equal(isIn, said.Contains("Authenticated.", StringComparison.Ordinal));
        }
    }

    // Version 1.2 cannot carry a channel binding: none is offered, though the line is under TLS.
    [RequiresFact(root: true, program: RealDovecot.Program)]
    public async Task Nothing_that_is_bound_to_tls_is_offered()
    {
        await using var server = new SmtpTestServer(tls: true, authPath: dovecot.ClientSocket);
        var said = await RunAsync("gsasl", "", "--smtp", "--starttls", "--x509-ca-file=", "--no-cb", "-m", "SCRAM-SHA-256", "-a", "alice", "-p", "wonderland", $"--connect=127.0.0.1:{server.Listen()}");
        Assert.Contains("SCRAM-SHA-256", said);
        Assert.DoesNotContain("-PLUS", said);
        Assert.Contains("\n235 ", said);
    }
}
