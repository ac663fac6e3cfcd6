namespace Sasl.Credentials.Ldap;

/// <summary>What a server says at the end of an operation (RFC 4511 §4.1.9).</summary>
/// <param name="Message">The server's diagnostic text, for the log only.</param>
/// <param name="Referrals">URLs of servers that know more; never followed.</param>
sealed record LdapResult(LdapResultCode Code, string Message, IReadOnlyList<string> Referrals)
{
    const int LongestMessage = 200;

    public static LdapResult Success { get; } = new(LdapResultCode.Success, "", []);

    public bool IsSuccess => Code == LdapResultCode.Success;

    /// <summary>One line: "invalidCredentials (49): text".</summary>
    public override string ToString()
    {
        var name = Enum.IsDefined(Code) ? Code.ToString() : "result";
        var message = new string([.. Message.Take(LongestMessage).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return $"{char.ToLowerInvariant(name[0])}{name[1..]} ({(int)Code}){(message.Length == 0 ? "" : $": {message}")}";
    }
}

/// <summary>RFC 4511 appendix A.1. A server may use others too.</summary>
enum LdapResultCode
{
    Success = 0,
    OperationsError = 1,
    ProtocolError = 2,
    TimeLimitExceeded = 3,
    SizeLimitExceeded = 4,
    CompareFalse = 5,
    CompareTrue = 6,
    AuthMethodNotSupported = 7,
    StrongerAuthRequired = 8,
    Referral = 10,
    AdminLimitExceeded = 11,
    UnavailableCriticalExtension = 12,
    ConfidentialityRequired = 13,
    SaslBindInProgress = 14,
    NoSuchAttribute = 16,
    UndefinedAttributeType = 17,
    InappropriateMatching = 18,
    ConstraintViolation = 19,
    InvalidAttributeSyntax = 21,
    NoSuchObject = 32,
    InvalidDNSyntax = 34,
    InappropriateAuthentication = 48,
    InvalidCredentials = 49,
    InsufficientAccessRights = 50,
    Busy = 51,
    Unavailable = 52,
    UnwillingToPerform = 53,
    LoopDetect = 54,
    Other = 80,
}
