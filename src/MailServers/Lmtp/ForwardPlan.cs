using MailServers.Queue.Local;

namespace MailServers.Lmtp;

/// <summary>What is to be done with a mail: keep it, send it on, give it to files and commands.</summary>
sealed record ForwardPlan(bool ToMailbox, IReadOnlyList<string> Addresses, IReadOnlyList<AliasTarget> Others)
{
    /// <summary>Longest list of addresses in one reply line.</summary>
    const int LongestPaths = 3500;

    public static readonly ForwardPlan Mailbox = new(true, [], []);

    /// <summary>The .forward cannot be used and must be mended; the mail waits or comes back.</summary>
    public Reply? Error { get; init; }

    /// <summary>Something is left to do here.</summary>
    public bool IsLocal => ToMailbox || Others.Count > 0;

    public string Paths => string.Join(' ', Addresses.Select(a => $"<{a}>"));

    public static ForwardPlan Fail(Reply error) => Mailbox with { Error = error };

    /// <summary>Sorts the items of a .forward for one recipient; himself means his mailbox.</summary>
    public static ForwardPlan From(IReadOnlyList<AliasTarget> targets, LmtpDelivery delivery, string recipient)
    {
        var (mailbox, addresses, others) = (false, new List<string>(), new List<AliasTarget>());
        foreach (var target in targets)
        {
            switch (target.Kind)
            {
                case TargetKind.Address or TargetKind.Mailbox when IsSelf(target.Value, delivery, recipient):
                    mailbox = true;
                    break;
                case TargetKind.Address or TargetKind.Mailbox:
                    if (!addresses.Contains(target.Value, StringComparer.OrdinalIgnoreCase))
                        addresses.Add(target.Value);
                    break;
                case TargetKind.Command when !delivery.AllowCommands:
                    return Fail(new(554, "5.7.1", "mail to command is restricted"));
                case TargetKind.File or TargetKind.Directory when !delivery.AllowFiles:
                    return Fail(new(554, "5.7.1", "mail to file is restricted"));
                default:
                    others.Add(target);
                    break;
            }
        }
        // An empty or comment-only file is no forward.
        if (targets.Count == 0)
            return Mailbox;
        var plan = new ForwardPlan(mailbox, addresses, others);
        return plan.Paths.Length > LongestPaths ? Fail(new(554, "5.3.5", "too many addresses in .forward")) : plan;
    }

    static bool IsSelf(string address, LmtpDelivery delivery, string recipient)
    {
        var local = UserName.Split(MailPath.LocalPart(address), delivery.RecipientDelimiter).User;
        var own = UserName.Split(MailPath.LocalPart(recipient), delivery.RecipientDelimiter).User;
        var domain = MailPath.Domain(address);
        return (domain.Length == 0 || domain == MailPath.Domain(recipient))
            && (local.Equals(own, StringComparison.OrdinalIgnoreCase) || local.Equals(delivery.User, StringComparison.OrdinalIgnoreCase));
    }
}
