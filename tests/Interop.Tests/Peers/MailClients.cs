using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Interop.Tests.Peers;

/// <summary>A program that logs in over SMTP or IMAP with STARTTLS on a port of this machine; it takes any certificate.</summary>
/// <param name="isImap">Else SMTP.</param>
/// <param name="port">The server's.</param>
/// <param name="login">Its mechanism is the only one that it tries.</param>
/// <returns>Whether it is in, and what it said.</returns>
delegate Task<(bool IsIn, string Said)> MailClient(bool isImap, int port, Login login);

static class MailClients
{
    public static async Task<(bool IsIn, string Said)> MailKitAsync(bool isImap, int port, Login login)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using MailService client = isImap ? new ImapClient() : new SmtpClient();
        client.ServerCertificateValidationCallback = (_, _, _, _) => true;
        client.CheckCertificateRevocation = false;
        try
        {
            await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.StartTls, late.Token);
            await client.AuthenticateAsync(MailKitClient.Mechanism(login), late.Token);
            await client.DisconnectAsync(true, late.Token);
            return (true, "");
        }
        catch (Exception refusal) when (refusal is AuthenticationException or SaslException or ServiceNotConnectedException)
        {
            return (false, refusal.ToString());
        }
    }

    /// <remarks>A login with a binding uses what gsasl sees of its own TLS; without one it is told to use none.</remarks>
    public static async Task<(bool IsIn, string Said)> GsaslAsync(bool isImap, int port, Login login)
    {
        await using var program = new LineProgram("gsasl",
        [
            isImap ? "--imap" : "--smtp", "--starttls", "--x509-ca-file=", "-m", login.Mechanism, "-a", login.User, "-p", login.Password,
            .. Gsasl.NoBinding(login), $"--connect=127.0.0.1:{port}",
        ]);
        await program.EndAsync();
        // Its status says nothing: after IMAP it is never 0.
        var hasYes = program.Transcript.Contains(isImap ? "\n< . OK in\n" : "\n< 235 ", StringComparison.Ordinal);
        return (hasYes && program.Errors.Contains("Client authentication finished", StringComparison.Ordinal), program.Transcript);
    }

    /// <summary>Cyrus SASL inside imtest and smtptest, which use their TLS as a channel binding whenever the mechanism can.</summary>
    public static async Task<(bool IsIn, string Said)> CyrusAsync(bool isImap, int port, Login login)
    {
        await using var program = new LineProgram("/usr/lib/cyrus/bin/" + (isImap ? "imtest" : "smtptest"),
        [
            "-t", "", "-p", $"{port}", "-m", login.Mechanism, "-a", login.User, "-u", login.User, "-w", login.Password, "127.0.0.1",
        ]);
        await program.EndAsync();
        return (program.Transcript.Contains("\n< Authenticated.\n", StringComparison.Ordinal), program.Transcript);
    }
}
