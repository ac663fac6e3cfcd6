namespace MailServers.Smtp.Restrictions;

enum VerdictKind
{
    /// <summary>No opinion: the next restriction decides.</summary>
    Dunno,

    /// <summary>This list is satisfied; the next list still has its say.</summary>
    Permit,

    /// <summary>The reply goes to the client now.</summary>
    Refuse,

    /// <summary>Remembered: a temporary refusal if everything else would have let it pass.</summary>
    DeferIfPermit,
}

/// <summary>What a restriction says. Refusals are values.</summary>
readonly record struct Verdict(VerdictKind Kind, string Reply)
{
    public static readonly Verdict Dunno = new(VerdictKind.Dunno, "");
    public static readonly Verdict Permit = new(VerdictKind.Permit, "");

    public static Verdict Refuse(string reply) => new(VerdictKind.Refuse, reply);

    public static Verdict DeferIfPermit(string reply) => new(VerdictKind.DeferIfPermit, reply);
}
