namespace Sasl.Hosting.Unix;

/// <summary>As whom a process without root reads a file: a user, groups, and the one capability when nothing less will do.</summary>
/// <param name="Gid">The primary group: programs that the process starts keep this one also where they drop set-group-id rights.</param>
public sealed record ReaderIdentity(uint Uid, uint Gid, IReadOnlyList<uint> Groups, bool ReadsEverything)
{
    const uint OthersMayRead = 4, GroupMayRead = 0x20, OwnerMayRead = 0x100;

    /// <summary>
    /// The least that reads the file: the account itself, else the file's group, else the file's owner, and only for what root alone may read (a mode of
    /// 000 or 0600 root) the right to read everything. A file that is not there needs nothing.
    /// </summary>
    /// <param name="path">Null: no file is to be read.</param>
    public static ReaderIdentity For(Account account, string? path)
    {
        var own = new ReaderIdentity(account.Uid, account.Gid, Accounts.GroupsOf(account), false);
        if (path is null || Files.TargetStatus(path) is not { } file || (file.Permissions & OthersMayRead) != 0)
            return own;
        var groupReads = (file.Permissions & GroupMayRead) != 0;
        var ownerReads = (file.Permissions & OwnerMayRead) != 0;
        if ((file.Uid == own.Uid && ownerReads) || (groupReads && own.Groups.Contains(file.Gid)))
            return own;
        if (groupReads && file.Gid != 0)
            return own with { Gid = file.Gid, Groups = [.. own.Groups, file.Gid] };
        return ownerReads && file.Uid != 0 && Accounts.Find(file.Uid) is { } owner && owner.Gid != 0
            ? new(owner.Uid, owner.Gid, Accounts.GroupsOf(owner), false)
            : own with { ReadsEverything = true };
    }
}
