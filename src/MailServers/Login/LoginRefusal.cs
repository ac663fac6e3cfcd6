namespace MailServers.Login;

/// <summary>Why a login did not succeed. Each protocol has one table that turns it into its reply.</summary>
enum RefusalKind
{
    /// <summary>Wrong password or unknown user: nobody outside may tell them apart.</summary>
    Failed,

    /// <summary>The auth server gave a text for the user.</summary>
    FailedWithReason,

    /// <summary>The password was right, but not to act as that user.</summary>
    NotAuthorized,

    /// <summary>The auth server cannot be asked, or could not ask its sources.</summary>
    Unavailable,

    Disabled,

    Expired,

    /// <summary>The mechanism or any authentication is not allowed without TLS.</summary>
    PrivacyRequired,

    UnknownMechanism,

    InvalidBase64,

    /// <summary>The client sent "*".</summary>
    Aborted,

    /// <summary>A response over the limit for SASL data.</summary>
    TooLong,
}

/// <param name="Text">The auth server's text for the user with FailedWithReason; else empty.</param>
readonly record struct LoginRefusal(RefusalKind Kind, string Text = "")
{
    /// <summary>The client's credentials were judged and found wrong: what fail2ban counts.</summary>
    public bool IsAuthenticationFailure => Kind is RefusalKind.Failed or RefusalKind.FailedWithReason or RefusalKind.NotAuthorized;

    /// <summary>PrivacyRequired: a secret has travelled on an open line already; the client's user should hear of it.</summary>
    public bool SecretExposed { get; init; }
}
