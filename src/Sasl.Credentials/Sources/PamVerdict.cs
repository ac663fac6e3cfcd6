using Sasl.Credentials.Native;

namespace Sasl.Credentials.Sources;

/// <summary>What a status of PAM means, with the texts that log scanners know from Cyrus.</summary>
static class PamVerdict
{
    public const string StartError = "PAM start error", AuthenticationError = "PAM auth error", AccountError = "PAM acct error";

    /// <summary>Of pam_start: the service's file cannot be read, a module of it not be loaded.</summary>
    public static Verdict OfStart => new(VerdictKind.Unavailable, StartError);

    public static Verdict OfAuthentication(PamStatus status) => status switch
    {
        PamStatus.Success => Verdict.Ok,
        // Modules that know an account's state answer so although they were not asked for it yet.
        PamStatus.AccountExpired => new(VerdictKind.Disabled, AuthenticationError),
        PamStatus.NewTokenRequired or PamStatus.TokenExpired => new(VerdictKind.Expired, AuthenticationError),
        _ => new(IsTrouble(status) ? VerdictKind.Unavailable : VerdictKind.Refused, AuthenticationError),
    };

    /// <summary>Of pam_acct_mgmt, which is asked after the password was found right.</summary>
    public static Verdict OfAccount(PamStatus status) => status switch
    {
        PamStatus.Success => Verdict.Ok,
        PamStatus.NewTokenRequired or PamStatus.TokenExpired => new(VerdictKind.Expired, AccountError),
        _ => new(IsTrouble(status) ? VerdictKind.Unavailable : VerdictKind.Disabled, AccountError),
    };

    /// <summary>Nobody could look, or not with these rights.</summary>
    static bool IsTrouble(PamStatus status) => status is PamStatus.OpenError or PamStatus.SymbolError or PamStatus.ServiceError or PamStatus.SystemError
        or PamStatus.BufferError or PamStatus.CredentialsInsufficient or PamStatus.AuthenticationUnavailable or PamStatus.Abort;
}
