using System.Text;
using MailStore.Names;

namespace MailStore.Maildir;

/// <summary>Maildir++: folder A.B is the directory ".A.B" beside cur, new and tmp of the INBOX; INBOX is the root itself (".").</summary>
static class FolderName
{
    public const char Separator = '.';
    public const string Inbox = "INBOX";
    const int LongestFileName = 255;

    public static bool IsInbox(string name) => name.Equals(Inbox, StringComparison.OrdinalIgnoreCase);

    public static string Canonical(string name) => IsInbox(name) ? Inbox : name;

    /// <summary>Why a name cannot be a folder's, or null.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0)
            return "empty mailbox name";
        if (name.Split(Separator).Contains(""))
            return "mailbox name has an empty part";
        foreach (var c in name)
            if (char.IsControl(c) || c is '/' or '\u2028' or '\u2029')
                return "mailbox name has a character that is not allowed";
        if (name.Contains('\uFFFD') || ModifiedUtf7.Decode(ModifiedUtf7.Encode(name)) is null)
            return "mailbox name is not valid Unicode";
        return Encoding.UTF8.GetByteCount(Directory(name)) > LongestFileName ? "mailbox name is too long" : null;
    }

    public static string Directory(string name) => IsInbox(name) ? "." : "." + ModifiedUtf7.Encode(name);

    /// <summary>The folder that a directory of the root is, or null when it is none (".", "..", "..hidden", not modified UTF-7).</summary>
    public static string? FromDirectory(string directory) =>
        directory.Length > 1 && directory[0] == '.' && directory[1] != '.'
            && ModifiedUtf7.Decode(directory[1..]) is { } name && !IsInbox(name) && Problem(name) is null ? name : null;
}
