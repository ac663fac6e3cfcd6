using System.Text;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>The tree of folders: directories of the root that begin with a dot.</summary>
sealed partial class MaildirStore
{
    public string? ProblemOf(string folder) => FolderName.Problem(folder);

    public IReadOnlyList<FolderInfo> Folders()
    {
        var names = FolderNames();
        var all = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            all[name] = true;
            for (var dot = name.LastIndexOf(Separator); dot > 0; dot = name.LastIndexOf(Separator, dot - 1))
                all.TryAdd(name[..dot], false);
        }
        all.Remove(FolderName.Inbox);
        List<FolderInfo> result = [Describe(FolderName.Inbox, exists: true, all)];
        foreach (var (name, exists) in all)
            result.Add(Describe(name, exists, all));
        return result;
    }

    FolderInfo Describe(string name, bool exists, SortedDictionary<string, bool> all)
    {
        var prefix = name + Separator;
        var children = all.Keys.Any(other => other.StartsWith(prefix, StringComparison.Ordinal));
        return new(name, !exists, children, exists && HasNew(name));
    }

    bool HasNew(string name)
    {
        try
        {
            using var directory = Files.OpenDirectoryAt(_root, FolderName.Directory(name) + "/new");
            var any = false;
            DirectoryEntries.Visit(directory, (entry, _) => any |= entry[0] != '.');
            return any;
        }
        catch (UnixException)
        {
            return false;
        }
    }

    List<string> FolderNames()
    {
        var names = new List<string>();
        DirectoryEntries.Visit(_root, (raw, type) =>
        {
            if (raw[0] != '.' || type is not (EntryType.Directory or EntryType.Unknown))
                return;
            var directory = Encoding.UTF8.GetString(raw);
            if (FolderName.FromDirectory(directory) is { } name
                && (type == EntryType.Directory || Files.StatusAt(_root, directory) is { IsDirectory: true }))
                names.Add(name);
        });
        return names;
    }

    bool Exists(string name) => FolderName.IsInbox(name) || Files.StatusAt(_root, FolderName.Directory(name)) is { IsDirectory: true };

    public StoreResult Create(string folder)
    {
        folder = FolderName.Canonical(folder.TrimEnd(Separator));
        if (FolderName.Problem(folder) is { } problem)
            return new(StoreError.InvalidName, problem);
        lock (_gate)
        {
            if (Exists(folder))
                return new(StoreError.AlreadyExists, "Mailbox already exists");
            // Made aside and renamed: nobody sees half a folder. Names with two dots are no folders.
            var temporary = $"..new-{Names.Next()}";
            Files.MakeDirectoryAt(_root, temporary, 0x1C0);
            using (var directory = Files.OpenDirectoryAt(_root, temporary))
            {
                foreach (var part in (string[])["tmp", "new", "cur"])
                    Files.MakeDirectoryAt(directory, part, 0x1C0);
                Files.OpenAt(directory, "maildirfolder", Files.WriteOnly | Files.Create, 0x180).Dispose();
                Files.Sync(directory);
            }
            try
            {
                Files.RenameNewAt(_root, temporary, _root, FolderName.Directory(folder));
            }
            catch (UnixException)
            {
                DirectoryRemoval.Remove(_root, temporary);
                if (Exists(folder))
                    return new(StoreError.AlreadyExists, "Mailbox already exists");
                throw;
            }
            Files.Sync(_root);
            return StoreResult.Ok;
        }
    }

    public StoreResult Delete(string folder)
    {
        if (FolderName.IsInbox(folder))
            return new(StoreError.Cannot, "INBOX cannot be deleted");
        if (FolderName.Problem(folder) is { } problem)
            return new(StoreError.InvalidName, problem);
        lock (_gate)
        {
            if (!Exists(folder))
                return NoSuch(folder);
            Forget(folder);
            var trash = $"..trash-{Names.Next()}";
            Files.RenameAt(_root, FolderName.Directory(folder), _root, trash);
            Files.Sync(_root);
            DirectoryRemoval.Remove(_root, trash);
            return StoreResult.Ok;
        }
    }

    /// <summary>Sessions that have the folder open learn that it is gone.</summary>
    void Forget(string folder)
    {
        if (!_open.Remove(folder, out var open))
            return;
        open.Retire();
        if (_idle.Remove(open))
            open.Dispose();
    }

    StoreResult NoSuch(string folder)
    {
        var prefix = folder + Separator;
        return FolderNames().Any(n => n.StartsWith(prefix, StringComparison.Ordinal))
            ? new(StoreError.Cannot, "Mailbox has only inferior mailboxes")
            : new(StoreError.NonExistent, "Mailbox does not exist");
    }

    public StoreResult Rename(string from, string to)
    {
        (from, to) = (FolderName.Canonical(from), FolderName.Canonical(to.TrimEnd(Separator)));
        if ((FolderName.Problem(from) ?? FolderName.Problem(to)) is { } problem)
            return new(StoreError.InvalidName, problem);
        if (FolderName.IsInbox(from))
            return InboxMove.Run(this, to);
        var prefix = from + Separator;
        lock (_gate)
        {
            var names = FolderNames();
            if (Exists(to))
                return new(StoreError.AlreadyExists, "Target mailbox already exists");
            if (to.StartsWith(prefix, StringComparison.Ordinal))
                return new(StoreError.Cannot, "A mailbox cannot become its own inferior");
            var moving = names.Where(n => n == from || n.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
            if (moving.Length == 0)
                return new(StoreError.NonExistent, "Mailbox does not exist");
            foreach (var name in moving)
                if ((FolderName.Problem(to + name[from.Length..]) is { } tooLong))
                    return new(StoreError.InvalidName, tooLong);
                else if (Exists(to + name[from.Length..]))
                    return new(StoreError.AlreadyExists, "Target mailbox already exists");
            foreach (var name in moving)
                Move(name, to + name[from.Length..]);
            Files.Sync(_root);
            return StoreResult.Ok;
        }
    }

    void Move(string from, string to)
    {
        Files.RenameNewAt(_root, FolderName.Directory(from), _root, FolderName.Directory(to));
        if (!_open.Remove(from, out var open))
            return;
        open.Name = to;
        _open[to] = open;
    }
}
