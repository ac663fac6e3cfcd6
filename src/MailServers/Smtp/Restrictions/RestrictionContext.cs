using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Restrictions;

/// <summary>Whose restriction list is running; it names the culprit in the reply.</summary>
enum Subject { Client, Helo, Sender, Recipient, Data, EndOfData }

/// <summary>What a restriction may look at. Recipient is null before RCPT, and in the data lists unless there is exactly one.</summary>
sealed record RestrictionContext(
    Subject Subject,
    ClientIdentity Client,
    string? HeloName,
    MailAddress? Sender,
    MailAddress? Recipient,
    SaslLogin? Login,
    SmtpSettings Settings,
    AddressResolver Resolver,
    IDomainLookup Domains,
    bool IsTls,
    Func<bool> HasEarlyInput)
{
    /// <summary>"&lt;X&gt;: CLASS rejected", the start of most refusals.</summary>
    public string Rejected => Subject switch
    {
        Subject.Client => $"<{Client}>: Client host rejected",
        Subject.Helo => $"<{HeloName}>: Helo command rejected",
        Subject.Sender => $"<{Sender?.Unquoted}>: Sender address rejected",
        Subject.Data => "<DATA>: Data command rejected",
        Subject.EndOfData => "<END-OF-MESSAGE>: End-of-data rejected",
        _ => $"<{Recipient?.Unquoted}>: Recipient address rejected",
    };
}
