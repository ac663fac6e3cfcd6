namespace Sasl.Hosting.Configuration;

// A server that judges logins: none is asked here.
public static partial class DovecotConf
{
    /// <summary>Set, it is an error: whom that server would have refused would be let in.</summary>
    public static readonly Setting AuthPolicyServerUrl = Text("auth_policy_server_url", "",
        "A server that judges logins.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyServerApiHeader = Text("auth_policy_server_api_header", "",
        "The header by which it knows us.", s => s with { IsUnsupported = true, IsSecret = true });

    public static readonly Setting AuthPolicyServerTimeoutMsecs = Number("auth_policy_server_timeout_msecs", "2000",
        "The longest wait for it.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyHashMech = Text("auth_policy_hash_mech", "sha256",
        "How it is told of a password.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyHashNonce = Text("auth_policy_hash_nonce", "",
        "What is hashed with the password.", s => s with { IsUnsupported = true, IsSecret = true });

    public static readonly Setting AuthPolicyHashTruncate = Number("auth_policy_hash_truncate", "12",
        "Bits of that hash.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyRequestAttributes = Text("auth_policy_request_attributes",
        "login=%{requested_username} pwhash=%{hashed_password} remote=%{rip} device_id=%{client_id} protocol=%s session_id=%{session}",
        "What it is told.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyRejectOnFail = YesNo("auth_policy_reject_on_fail", "no",
        "Refuse when it cannot be asked.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyCheckBeforeAuth = YesNo("auth_policy_check_before_auth", "yes",
        "Ask before the password is looked at.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyCheckAfterAuth = YesNo("auth_policy_check_after_auth", "yes",
        "Ask afterwards.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyReportAfterAuth = YesNo("auth_policy_report_after_auth", "yes",
        "Tell it how a login ended.", s => s with { IsUnsupported = true });

    public static readonly Setting AuthPolicyLogOnly = YesNo("auth_policy_log_only", "no",
        "Log what it says, and do nothing.", s => s with { IsUnsupported = true });
}
