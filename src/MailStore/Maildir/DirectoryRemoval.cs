using System.Text;
using Microsoft.Win32.SafeHandles;
using Sasl.Hosting.Unix;

namespace MailStore.Maildir;

/// <summary>Removes a directory tree without following a link and without going deep.</summary>
static class DirectoryRemoval
{
    const int Deepest = 8;

    public static void Remove(SafeFileHandle parent, string name) => Remove(parent, name, Deepest);

    static void Remove(SafeFileHandle parent, string name, int depth)
    {
        using (var directory = Files.OpenDirectoryAt(parent, name))
        {
            List<(string Name, EntryType Type)> entries = [];
            DirectoryEntries.Visit(directory, (raw, type) => entries.Add((Encoding.UTF8.GetString(raw), type)));
            foreach (var entry in entries)
            {
                if (entry.Type != EntryType.Directory)
                    Files.UnlinkAt(directory, entry.Name);
                else if (depth > 0)
                    Remove(directory, entry.Name, depth - 1);
            }
        }
        Files.RemoveDirectoryAt(parent, name);
    }
}
