namespace MailStore;

/// <summary>
/// All mail of one user. One process holds it (the worker of that uid) and all sessions of that user share it, so a change made by one
/// session or a delivery is told to the others at once. Thread-safe. Names are Unicode, hierarchy parts between <see cref="Separator"/>;
/// "INBOX" is spelled so. Refusals are return values; exceptions are I/O failures.
/// </summary>
public interface IStore : IDisposable
{
    char Separator { get; }

    /// <summary>Why no folder can have that name, in words for the client; null when one may.</summary>
    string? ProblemOf(string folder);

    /// <summary>Every folder there is, INBOX first, parents that only exist through their children included (NoSelect).</summary>
    IReadOnlyList<FolderInfo> Folders();

    StoreResult Create(string folder);

    /// <summary>Removes a folder and its messages, never INBOX. Inferior folders stay.</summary>
    StoreResult Delete(string folder);

    /// <summary>Renames a folder and its inferiors. Renaming INBOX moves its messages to a new folder and leaves INBOX empty (RFC 3501 §6.3.5).</summary>
    StoreResult Rename(string from, string to);

    /// <summary>Subscribed names, also of folders that are gone.</summary>
    IReadOnlyList<string> Subscriptions();

    StoreResult Subscribe(string folder, bool subscribed);

    /// <summary>Null when there is no such folder.</summary>
    FolderStatus? Status(string folder);

    /// <summary>A session's view of a folder, or null when there is none.</summary>
    IMailboxView? Select(string folder, bool readOnly);

    /// <summary>
    /// Begins a message for a folder. The text is written in CRLF form and becomes visible at <see cref="IMessageWriter.CommitAsync"/>,
    /// which returns when it is durable. Null when there is no such folder.
    /// </summary>
    IMessageWriter? Append(string folder, MessageFlags flags, IReadOnlySet<string> keywords, DateTimeOffset? internalDate);
}

/// <summary>A message on its way into a folder. Disposing without commit removes every trace.</summary>
public interface IMessageWriter : IDisposable
{
    /// <summary>Text in CRLF form, in pieces of any size, cut anywhere.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> text, CancellationToken stop);

    /// <summary>Makes it durable and visible; returns its UID and the folder's UIDVALIDITY. Throws IOException (disk full, quota) and leaves nothing.</summary>
    ValueTask<(uint UidValidity, uint Uid)> CommitAsync(CancellationToken stop);
}

/// <summary>
/// One session's view: sequence numbers stay as they are until the session takes changes with <see cref="Sync"/>.
/// Not thread-safe itself; several views of one folder may be used from several tasks.
/// </summary>
public interface IMailboxView : IDisposable
{
    string Folder { get; }

    bool IsReadOnly { get; }

    /// <summary>The folder was taken away under the session: nothing can be done with the view any more.</summary>
    bool IsGone { get; }

    uint UidValidity { get; }

    uint UidNext { get; }

    /// <summary>By sequence number minus one, UIDs ascending.</summary>
    IReadOnlyList<MessageInfo> Messages { get; }

    /// <summary>
    /// Looks at what others did and brings the view up to date. Without <paramref name="allowExpunge"/> (RFC 3501 §7.4.1: during
    /// FETCH, STORE, SEARCH) vanished messages stay in the view and come later.
    /// </summary>
    ViewChanges Sync(bool allowExpunge);

    /// <summary>Completes when something may have changed (another session, a delivery, another program).</summary>
    Task WaitForChangeAsync(CancellationToken stop);

    /// <summary>Changes flags of messages by UID. The new values are in <see cref="Messages"/> at once and told to other views.</summary>
    void Store(IEnumerable<uint> uids, FlagChange change, MessageFlags flags, IReadOnlySet<string> keywords);

    /// <summary>Removes messages with \Deleted, of those UIDs or all. They leave the view at the next <see cref="Sync"/> with allowExpunge.</summary>
    void Expunge(IReadOnlyCollection<uint>? uids);

    /// <summary>Copies messages; all or none. Null when there is no such folder. Pairs of old and new UIDs in order.</summary>
    ValueTask<CopyResult?> CopyAsync(IReadOnlyList<uint> uids, string folder, CancellationToken stop);

    /// <summary>The whole text in CRLF form, seekable, exactly Stream.Length bytes (announce that, not an earlier MessageInfo.Size); null when the message has vanished meanwhile.</summary>
    Stream? OpenText(uint uid);

    /// <summary>Envelope and MIME structure; null when the message has vanished meanwhile. Parsed once and kept while cheap.</summary>
    MessageStructure? Structure(uint uid);
}

[Flags]
public enum MessageFlags { None = 0, Seen = 1, Answered = 2, Flagged = 4, Deleted = 8, Draft = 16, Recent = 32 }

public enum FlagChange { Replace, Add, Remove }

/// <summary>
/// What a listing needs to know of a message. Size is that of the CRLF form, in bytes. Date and size may be looked up when first
/// asked for. A new object means changed flags.
/// </summary>
public record MessageInfo(uint Uid, MessageFlags Flags, IReadOnlySet<string> Keywords, DateTimeOffset InternalDate, long Size)
{
    public virtual DateTimeOffset InternalDate { get; init; } = InternalDate;

    public virtual long Size { get; init; } = Size;
}

/// <param name="NoInferiors">There is none and there can be none.</param>
public sealed record FolderInfo(string Name, bool NoSelect, bool HasChildren, bool Marked, bool NoInferiors = false);

/// <summary>Size is looked up when first asked for: it may mean reading every message.</summary>
public record FolderStatus(int Messages, int Recent, uint UidNext, uint UidValidity, int Unseen, long Size)
{
    public virtual long Size { get; init; } = Size;
}

/// <summary>In the order in which a session tells them: expunged sequence numbers (each already counting the ones before it), then arrivals, then flags.</summary>
public sealed record ViewChanges(IReadOnlyList<int> Expunged, int? Exists, int? Recent, IReadOnlyList<int> FlagsChanged);

public sealed record CopyResult(uint UidValidity, IReadOnlyList<uint> From, IReadOnlyList<uint> To);

public enum StoreError { None, NonExistent, AlreadyExists, InvalidName, Cannot }

/// <summary>Success, or why not, in words for the client.</summary>
public readonly record struct StoreResult(StoreError Error, string Text)
{
    public static StoreResult Ok => default;

    public bool IsOk => Error == StoreError.None;
}
