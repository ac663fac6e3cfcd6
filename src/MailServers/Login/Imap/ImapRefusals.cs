using System.Globalization;

namespace MailServers.Login.Imap;

/// <summary>The one place that turns a refused login into IMAP's reply (RFC 5530 §3; the codes are Dovecot's choice).</summary>
static class ImapRefusals
{
    public static void Write(LoginClient client, string tag, LoginRefusal refusal)
    {
        if (refusal.SecretExposed)
            client.Connection.WriteLine("* BAD [ALERT] Your client sent the password over an open line, where anybody may have read it. Change it, and turn TLS on.");
        client.Connection.WriteLine($"{tag} {Reply(client, refusal)}");
    }

    static string Reply(LoginClient client, LoginRefusal refusal) => refusal.Kind switch
    {
        RefusalKind.Failed => "NO [AUTHENTICATIONFAILED] Authentication failed.",
        RefusalKind.FailedWithReason => refusal.Text.StartsWith('[') ? $"NO {refusal.Text}" : $"NO [ALERT] {refusal.Text}",
        RefusalKind.NotAuthorized => "NO [AUTHORIZATIONFAILED] Authorization failed.",
        RefusalKind.Unavailable => $"NO [UNAVAILABLE] Temporary authentication failure. [{Where(client)}]",
        RefusalKind.Disabled => "NO [CONTACTADMIN] Logging in is disabled for this user.",
        RefusalKind.Expired => "NO [EXPIRED] Password expired.",
        RefusalKind.PrivacyRequired => "NO [PRIVACYREQUIRED] This authentication needs TLS.",
        RefusalKind.UnknownMechanism => "NO [ALERT] Unsupported authentication mechanism.",
        RefusalKind.InvalidBase64 => "BAD Invalid base64 data.",
        RefusalKind.Aborted => "BAD Authentication aborted.",
        _ => "BAD Authentication data too long.",
    };

    /// <summary>What an administrator needs to find the line in the log.</summary>
    static string Where(LoginClient client) =>
        $"{Environment.MachineName}:{client.Host.Time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}";
}
