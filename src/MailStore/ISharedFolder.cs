namespace MailStore;

/// <summary>A folder as all sessions share it; what a view needs of it. Thread-safe.</summary>
interface ISharedFolder
{
    string Name { get; }

    uint UidValidity { get; }

    uint UidNext { get; }

    /// <summary>It was deleted or its UIDs became invalid: sessions that have it open must end.</summary>
    bool IsGone { get; }

    /// <summary>Brings the list up to date with the disk, when there is reason to.</summary>
    void Refresh();

    /// <summary>The list at this moment, UIDs ascending; the version rises with each change.</summary>
    (int Version, MessageInfo[] Messages) Snapshot();

    /// <summary>Completes at the next change; at once when the version is not that one any more.</summary>
    Task ChangedSince(int version);

    /// <summary>Takes the messages that no session had yet; they are \Recent to the caller.</summary>
    List<uint> ClaimRecent();

    List<uint> RecentNow();

    MessageInfo? InfoOf(uint uid);

    void ChangeFlags(IEnumerable<uint> uids, FlagChange change, MessageFlags flags, IReadOnlySet<string> keywords);

    /// <summary>Removes those of the messages that have \Deleted now.</summary>
    void Expunge(IEnumerable<uint> uids);

    ValueTask<CopyResult?> CopyAsync(uint[] uids, string folder, CancellationToken stop);

    Stream? OpenText(uint uid);

    MessageStructure? StructureOf(uint uid);

    /// <summary>The view is done with it.</summary>
    void Release();
}
