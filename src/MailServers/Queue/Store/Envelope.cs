namespace MailServers.Queue.Store;

/// <summary>Who a message is from and what the sender asked for (RFC 3461). Written once, before the text.</summary>
sealed record Envelope(string Sender, DateTimeOffset Arrived)
{
    /// <summary>The recipients that came with RCPT. Those that forwarding adds are in the journal.</summary>
    public List<Recipient> Recipients { get; init; } = [];

    public bool EightBit { get; init; }

    public bool Utf8 { get; init; }

    /// <summary>RET: FULL, HDRS or null.</summary>
    public string? Return { get; init; }

    public string? EnvelopeId { get; init; }
}

/// <summary>One recipient of a message and how far it is. Only the scheduler changes it.</summary>
sealed record Recipient(string Address)
{
    /// <summary>ORCPT as given, or null.</summary>
    public string? Original { get; init; }

    /// <summary>NOTIFY as given, or null.</summary>
    public string? Notify { get; init; }

    /// <summary>The place in the list of the recipient whose alias or .forward added this one; -1 for one that came with RCPT.</summary>
    public int Parent { get; init; } = -1;

    /// <summary>An owner-alias stands in for the envelope sender (aliases(5)).</summary>
    public string? Sender { get; init; }

    /// <summary>An alias named this user for its own mailbox: aliases are not looked at again.</summary>
    public bool MailboxOnly { get; init; }

    /// <summary>Delivered, bounced or replaced: nothing is left to do.</summary>
    public bool IsDone { get; set; }

    // Two RCPT of one address are two recipients: identity, not value.
    public bool Equals(Recipient? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public bool Notifies(string what) => Notify is null ? what == "FAILURE" || what == "DELAY" : Notify.Split(',').Contains(what);
}
