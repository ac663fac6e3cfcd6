using Sasl.Hosting.Unix;

namespace MailSupervisor.House;

/// <summary>Who a process is: a uid, its gid and its supplementary groups. Uid null: the supervisor is no root and everybody is who it is.</summary>
sealed record HouseIdentity(string Name, uint? Uid, uint? Gid, uint[] Groups)
{
    /// <summary>The uid that SO_PEERCRED must show.</summary>
    public uint ExpectedUid => Uid ?? Identity.EffectiveUid;

    public bool IsSameAs(HouseIdentity other) => (Name, Uid, Gid) == (other.Name, other.Uid, other.Gid) && Groups.AsSpan().SequenceEqual(other.Groups);

    /// <summary>The identity of a system account, or null when there is no such account.</summary>
    public static HouseIdentity? OfAccount(string name) =>
        !Identity.IsRoot ? new(name, null, null, [])
        : Accounts.Find(name) is { } account ? new(name, account.Uid, account.Gid, Accounts.GroupsOf(account)) : null;

    /// <summary>The identity of a mailbox's owner. Throws <see cref="InvalidOperationException"/> for root.</summary>
    public static HouseIdentity OfMailbox(uint uid, uint gid)
    {
        if (!Identity.IsRoot)
            return new($"uid {uid}", null, null, []);
        if (uid == 0 || gid == 0)
            throw new InvalidOperationException("no worker runs as root");
        uint[] groups = Accounts.Find(uid) is { } account ? [.. Accounts.GroupsOf(account).Where(g => g != 0)] : [gid];
        return new($"uid {uid}", uid, gid, groups);
    }
}
