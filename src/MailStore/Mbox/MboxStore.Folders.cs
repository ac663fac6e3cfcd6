using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Mbox;

/// <summary>The tree of folders: files below the root are mailboxes, directories hold their inferiors and are none themselves.</summary>
sealed partial class MboxStore
{
    // The INBOX's file, when it stands among the others.
    readonly string? _inboxInRoot;

    public IReadOnlyList<FolderInfo> Folders()
    {
        List<FolderInfo> all = [new(MboxName.Inbox, NoSelect: false, HasChildren: false, Marked: _inbox.Status().Recent > 0)];
        List(_root, "", all);
        all.Sort(1, all.Count - 1, Comparer<FolderInfo>.Create(static (a, b) => string.CompareOrdinal(a.Name, b.Name)));
        return all;
    }

    void List(SafeFileHandle directory, string parent, List<FolderInfo> all)
    {
        var inferiors = new List<string>();
        DirectoryEntries.Visit(directory, (raw, type) =>
        {
            if (MboxName.FromFile(parent, raw) is not { } name || MboxName.Problem(name) is not null || MboxName.IsInbox(name)
                || parent.Length == 0 && name == _inboxInRoot)
                return;
            if (type == EntryType.Regular)
                all.Add(new(name, NoSelect: false, HasChildren: false, Marked: false, NoInferiors: true));
            else if (type == EntryType.Directory)
                inferiors.Add(name);
        });
        foreach (var name in inferiors)
        {
            var before = all.Count;
            var (_, file) = MboxName.Place(name);
            using (var below = Files.OpenDirectoryAt(directory, file))
                List(below, name, all);
            all.Add(new(name, NoSelect: true, HasChildren: all.Count > before, Marked: false));
        }
    }

    /// <summary>Null when it is missing, or a file stands in the way.</summary>
    SafeFileHandle? DirectoryOf(string path)
    {
        try
        {
            return Files.OpenDirectoryAt(_root, path);
        }
        catch (UnixException missing) when (missing.Error is UnixException.ENOENT or UnixException.ENOTDIR or UnixException.ELOOP)
        {
            return null;
        }
    }

    /// <summary>Makes the directories that a folder's file is in; null when a mailbox stands in the way.</summary>
    SafeFileHandle? MakeDirectoryOf(string path)
    {
        for (var end = path.IndexOf('/'); path != "."; end = path.IndexOf('/', end + 1))
        {
            var part = end < 0 ? path : path[..end];
            if (DirectoryOf(part) is { } there)
                there.Dispose();
            else if (Files.StatusAt(_root, part) is not null)
                return null;
            else
                Files.MakeDirectoryAt(_root, part, 0x1C0);
            if (end < 0)
                break;
        }
        return DirectoryOf(path);
    }

    static string JournalOf(string file) => $".{file}.journal";

    static FileStatus? StatusOf(SafeFileHandle? directory, string file) => directory is null ? null : Files.StatusAt(directory, file);

    public StoreResult Create(string folder)
    {
        if (MboxName.Problem(folder) is { } problem)
            return new(StoreError.InvalidName, problem);
        var (path, file) = MboxName.Place(folder);
        if (MboxName.IsInbox(folder) || path == "." && file == _inboxInRoot)
            return new(StoreError.AlreadyExists, "Mailbox already exists");
        lock (_gate)
        {
            using var directory = MakeDirectoryOf(path);
            if (directory is null)
                return new(StoreError.Cannot, "A mailbox that is a file has no inferior mailboxes");
            if (StatusOf(directory, file) is { } there)
                return there.IsDirectory ? new(StoreError.Cannot, "Mailbox has inferior mailboxes") : new(StoreError.AlreadyExists, "Mailbox already exists");
            Files.OpenAt(directory, file, Files.WriteOnly | Files.Create | Files.Exclusive, 0x180).Dispose();
            Files.Sync(directory);
            return StoreResult.Ok;
        }
    }

    public StoreResult Delete(string folder)
    {
        if (MboxName.IsInbox(folder))
            return new(StoreError.Cannot, "INBOX cannot be deleted");
        if (MboxName.Problem(folder) is { } problem)
            return new(StoreError.InvalidName, problem);
        var (path, file) = MboxName.Place(folder);
        lock (_gate)
        {
            using var directory = DirectoryOf(path);
            if (StatusOf(directory, file) is not { } there || path == "." && file == _inboxInRoot)
                return new(StoreError.NonExistent, "Mailbox does not exist");
            if (there.IsDirectory)
                return RemoveDirectory(directory!, file);
            Forget(folder);
            Files.UnlinkAt(directory!, file);
            Files.UnlinkAt(directory!, JournalOf(file));
            Files.Sync(directory!);
            return StoreResult.Ok;
        }
    }

    static StoreResult RemoveDirectory(SafeFileHandle parent, string name)
    {
        const int ENOTEMPTY = 39;
        try
        {
            Files.RemoveDirectoryAt(parent, name);
            return StoreResult.Ok;
        }
        catch (UnixException full) when (full.Error is ENOTEMPTY or UnixException.EEXIST)
        {
            return new(StoreError.Cannot, "Mailbox has only inferior mailboxes");
        }
    }

    public StoreResult Rename(string from, string to)
    {
        if (MboxName.IsInbox(from))
            return new(StoreError.Cannot, "Renaming INBOX is not supported");
        if ((MboxName.Problem(from) ?? MboxName.Problem(to)) is { } problem)
            return new(StoreError.InvalidName, problem);
        if (to.StartsWith(from + Separator, StringComparison.Ordinal))
            return new(StoreError.Cannot, "A mailbox cannot become its own inferior");
        var ((oldPath, oldFile), (newPath, newFile)) = (MboxName.Place(from), MboxName.Place(to));
        lock (_gate)
        {
            using var source = DirectoryOf(oldPath);
            if (StatusOf(source, oldFile) is null || oldPath == "." && oldFile == _inboxInRoot)
                return new(StoreError.NonExistent, "Mailbox does not exist");
            using var target = MakeDirectoryOf(newPath);
            if (target is null)
                return new(StoreError.Cannot, "A mailbox that is a file has no inferior mailboxes");
            if (MboxName.IsInbox(to) || StatusOf(target, newFile) is not null)
                return new(StoreError.AlreadyExists, "Target mailbox already exists");
            Forget(from);
            // What a crash left to be written belongs to the file.
            if (StatusOf(source, JournalOf(oldFile)) is not null)
                Files.RenameAt(source!, JournalOf(oldFile), target, JournalOf(newFile));
            Files.RenameNewAt(source!, oldFile, target, newFile);
            Files.Sync(source!);
            Files.Sync(target);
            return StoreResult.Ok;
        }
    }

    /// <summary>Sessions that have the folder or an inferior open learn that it is gone. The caller holds <see cref="_gate"/>.</summary>
    void Forget(string folder)
    {
        foreach (var (name, open) in _open.ToArray())
            if (name == folder || name.StartsWith(folder + Separator, StringComparison.Ordinal))
            {
                _open.Remove(name);
                open.Retire();
            }
    }
}
