using Sasl.Hosting.Configuration;

namespace MailServers.Smtp.Restrictions;

/// <summary>The codes that an administrator can give refusals. The class of the enhanced status follows the code.</summary>
sealed record RejectCodes
{
    public int Reject { get; init; } = 554;
    public int Defer { get; init; } = 450;
    public int Relay { get; init; } = 554;
    public int UnknownAddress { get; init; } = 450;
    public int InvalidHostname { get; init; } = 501;
    public int NonFqdn { get; init; } = 504;
    public int Plaintext { get; init; } = 450;
    public int UnknownLocalRecipient { get; init; } = 550;
    public int BareNewline { get; init; } = 550;

    public static RejectCodes From(Settings main) => new()
    {
        Reject = main.Integer(MainCf.RejectCode),
        Defer = main.Integer(MainCf.DeferCode),
        Relay = main.Integer(MainCf.RelayDomainsRejectCode),
        UnknownAddress = main.Integer(MainCf.UnknownAddressRejectCode),
        InvalidHostname = main.Integer(MainCf.InvalidHostnameRejectCode),
        NonFqdn = main.Integer(MainCf.NonFqdnRejectCode),
        Plaintext = main.Integer(MainCf.PlaintextRejectCode),
        UnknownLocalRecipient = main.Integer(MainCf.UnknownLocalRecipientRejectCode),
        BareNewline = main.Integer(MainCf.SmtpdForbidBareNewlineRejectCode),
    };

    /// <summary>"554" and "7.1" are "554 5.7.1".</summary>
    public static string Status(int code, string detail) => $"{code} {code / 100}.{detail}";
}
