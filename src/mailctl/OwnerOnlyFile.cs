using Sasl.Hosting.Unix;

namespace MailControl;

/// <summary>Writes a file that only its owner may read, from its creation on, and whole or not at all.</summary>
static class OwnerOnlyFile
{
    public static void Write(string path, ReadOnlySpan<byte> content, bool replace)
    {
        using var directory = Files.OpenDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var (name, temporary) = (Path.GetFileName(path), $".{Path.GetFileName(path)}.{Environment.ProcessId}");
        Files.UnlinkAt(directory, temporary);
        try
        {
            using (var file = Files.OpenAt(directory, temporary, Files.WriteOnly | Files.Create | Files.Exclusive, 0x180))
            {
                RandomAccess.Write(file, content, 0);
                Files.Sync(file);
            }
            if (replace)
                Files.RenameAt(directory, temporary, directory, name);
            else
                Files.RenameNewAt(directory, temporary, directory, name);
            Files.Sync(directory);
        }
        catch
        {
            Files.UnlinkAt(directory, temporary);
            throw;
        }
    }
}
