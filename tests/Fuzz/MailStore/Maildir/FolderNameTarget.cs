using MailStore.Maildir;

namespace Fuzz;

/// <summary>Folder names of clients as directories: no name leaves the mailbox's directory, and each directory is one folder (path traversal).</summary>
static class FolderNameTarget
{
    public static readonly string[] Seeds = ["INBOX", "a.b", "..", "../x", "a..b", ".a", "a/b", "Entw\u00c3\u00bcrfe", "a\0b", ".&APw-", "cur", "inbox.x", "a.", "\u00e2\u0080\u00a8"];

    public static void Run(ReadOnlySpan<byte> input)
    {
        var name = Bytes.Utf8(input);
        if (FolderName.Problem(name) is null)
        {
            var directory = FolderName.Directory(name);
            Check.That(directory[0] == '.' && directory is not ".." && !directory.Contains('/') && !directory.Contains('\0') && (directory.Length == 1 || directory[1] != '.'), $"a folder in {directory}");
            Check.Same(FolderName.IsInbox(name) ? null : name, FolderName.FromDirectory(directory), "a folder and its directory");
        }
        if (FolderName.FromDirectory(name) is { } folder)
            Check.Same(name, FolderName.Directory(folder), "a directory and its folder");
    }
}
