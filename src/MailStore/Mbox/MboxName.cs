using System.Text;
using MailStore.Names;

namespace MailStore.Mbox;

/// <summary>Folder "a/b" is the file b in the directory a, each part in modified UTF-7 as Dovecot writes it; INBOX is a file of its own place.</summary>
static class MboxName
{
    public const char Separator = '/';
    public const string Inbox = "INBOX";
    const int LongestFileName = 255, Deepest = 16;

    public static bool IsInbox(string name) => name.Equals(Inbox, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why a name cannot be a folder's, or null.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0)
            return "empty mailbox name";
        if (name.StartsWith(Inbox + Separator, StringComparison.OrdinalIgnoreCase))
            return "INBOX is a file and has no inferior mailboxes";
        var parts = name.Split(Separator);
        if (parts.Length > Deepest)
            return "mailbox name has too many parts";
        foreach (var part in parts)
            if (ProblemOfPart(part) is { } problem)
                return problem;
        return null;
    }

    static string? ProblemOfPart(string part)
    {
        if (part.Length == 0)
            return "mailbox name has an empty part";
        // Files with a dot in front are the programs' own; NAME.lock locks the mailbox NAME.
        if (part[0] is '.' or '~' || part.EndsWith(".lock", StringComparison.Ordinal))
            return "mailbox name has a part that is kept for other files";
        foreach (var c in part)
            if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFFFD')
                return "mailbox name has a character that is not allowed";
        var file = ModifiedUtf7.Encode(part);
        if (ModifiedUtf7.Decode(file) is null)
            return "mailbox name is not valid Unicode";
        // The lock and the journal have longer names.
        return Encoding.UTF8.GetByteCount(file) > LongestFileName - 32 ? "mailbox name is too long" : null;
    }

    /// <summary>The directory below the root ("." for the root itself) and the file in it.</summary>
    public static (string Directory, string File) Place(string name)
    {
        var path = string.Join('/', name.Split(Separator).Select(ModifiedUtf7.Encode));
        var slash = path.LastIndexOf('/');
        return slash < 0 ? (".", path) : (path[..slash], path[(slash + 1)..]);
    }

    /// <summary>The name that a file or directory has, or null when it is nobody's mailbox.</summary>
    public static string? FromFile(string parent, ReadOnlySpan<byte> file) =>
        ModifiedUtf7.Decode(Encoding.UTF8.GetString(file)) is { } part && ProblemOfPart(part) is null
            ? parent.Length == 0 ? part : $"{parent}{Separator}{part}" : null;
}
