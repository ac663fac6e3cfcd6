namespace Sasl.Credentials.Ldap;

/// <summary>What a server's results mean for a login. The texts are Cyrus', with the server's own words behind them where they help.</summary>
static class LdapVerdicts
{
    public const string NotFound = "User not found", WrongPassword = "Invalid password",
        BindFailed = "Bind to ldap server failed (invalid user/password or insufficient access)",
        NoServer = "Cannot connect to ldap server (configuration error)",
        Broken = "Retry condition (ldap server connection reset or broken)";

    /// <summary>A bind as the user was not successful. What says "no" to everybody is not the user's fault.</summary>
    public static Verdict OfUserBind(LdapResult result) => result.Code switch
    {
        LdapResultCode.InvalidCredentials => OfActiveDirectory(result.Message) ?? new(VerdictKind.Refused, WrongPassword),
        LdapResultCode.NoSuchObject or LdapResultCode.InappropriateAuthentication or LdapResultCode.InvalidDNSyntax or LdapResultCode.InsufficientAccessRights
            or LdapResultCode.ConstraintViolation or LdapResultCode.UnwillingToPerform or LdapResultCode.Other => new(VerdictKind.Refused, $"{BindFailed}: {result}"),
        _ => new(VerdictKind.Unavailable, $"{BindFailed}: {result}"),
    };

    /// <summary>The identity that looks entries up is not let in: no user can be checked.</summary>
    public static Verdict OfLookupBind(LdapResult result) => new(VerdictKind.Unavailable, $"{BindFailed}: {result}");

    /// <param name="followsReferrals">ldap_referrals.</param>
    public static Verdict OfSearch(LdapResult result, bool followsReferrals) => result.Code switch
    {
        LdapResultCode.Success or LdapResultCode.NoSuchObject => new(VerdictKind.Refused, NotFound),
        LdapResultCode.SizeLimitExceeded => new(VerdictKind.Refused, $"{NotFound} (more than one entry matches)"),
        LdapResultCode.Referral when !followsReferrals =>
            new(VerdictKind.Unavailable, $"the server refers to {string.Join(", ", result.Referrals.Take(3))}, and referrals are not followed"),
        _ => new(VerdictKind.Unavailable, $"the search failed: {result}"),
    };

    /// <summary>Active Directory tells in its diagnostic text what was wrong, and these only to who knows the password.</summary>
    static Verdict? OfActiveDirectory(string message)
    {
        if (!message.Contains("AcceptSecurityContext error", StringComparison.Ordinal))
            return null;
        bool Has(string code) => message.Contains($"data {code},", StringComparison.OrdinalIgnoreCase);
        return Has("533") || Has("701") ? new(VerdictKind.Disabled, "Account disabled or expired")
            : Has("532") || Has("773") ? new(VerdictKind.Expired, "Password expired")
            : null;
    }
}
