namespace MailServers.Login.Pop3;

/// <summary>The one place that turns a refused login into POP3's reply (RFC 2449 §8, RFC 3206).</summary>
static class Pop3Refusals
{
    public static string Reply(LoginRefusal refusal) => refusal.Kind switch
    {
        RefusalKind.Failed => "-ERR [AUTH] Authentication failed.",
        RefusalKind.FailedWithReason => $"-ERR [AUTH] {refusal.Text}",
        RefusalKind.NotAuthorized => "-ERR [AUTH] Authorization failed.",
        RefusalKind.Unavailable => "-ERR [SYS/TEMP] Temporary authentication failure.",
        RefusalKind.Disabled => "-ERR [AUTH] Logging in is disabled for this user.",
        RefusalKind.Expired => "-ERR [AUTH] Password expired.",
        RefusalKind.PrivacyRequired => "-ERR [AUTH] This authentication needs TLS.",
        RefusalKind.UnknownMechanism => "-ERR [AUTH] Unsupported authentication mechanism.",
        RefusalKind.InvalidBase64 => "-ERR [AUTH] Invalid base64 data.",
        RefusalKind.Aborted => "-ERR Authentication aborted.",
        _ => "-ERR Authentication data too long.",
    };
}
