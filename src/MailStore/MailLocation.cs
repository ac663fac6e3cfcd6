using System.Text;

namespace MailStore;

public enum MailFormat { Maildir, Mbox }

/// <summary>
/// Where a user's mail is: Dovecot's mail_location (<c>maildir:~/Maildir</c>, <c>mbox:~/mail:INBOX=/var/mail/%u</c>) or Postfix's
/// home_mailbox (<c>Maildir/</c>, <c>mbox</c>: relative to the home, a maildir when it ends in a slash).
/// </summary>
/// <param name="Root">The directory of the folders, absolute.</param>
/// <param name="Inbox">The mbox file of the INBOX, absolute; null for a maildir, whose root is the INBOX.</param>
public sealed record MailLocation(MailFormat Format, string Root, string? Inbox)
{
    /// <summary>Expands and checks a location. <see cref="FormatException"/> says what is wrong, in words for the administrator.</summary>
    public static MailLocation Parse(string text, string user, string home)
    {
        if (text.Length == 0)
            throw new FormatException("the mail location is empty; say maildir:PATH or mbox:PATH:INBOX=FILE");
        var colon = text.IndexOf(':');
        if (colon < 0)
            return Relative(text, user, home);
        var parts = text.Split(':');
        return parts[0] switch
        {
            "maildir" => Maildir(text, parts, user, home),
            "mbox" => Mbox(text, parts, user, home),
            "mdbox" or "sdbox" or "dbox" or "imapc" or "pop3c" or "obox" =>
                throw new FormatException($"mail location '{text}': the format {parts[0]} is not supported, only maildir and mbox are"),
            _ => throw new FormatException($"mail location '{text}': unknown format '{parts[0]}', only maildir and mbox are supported"),
        };
    }

    static MailLocation Maildir(string text, string[] parts, string user, string home)
    {
        foreach (var option in parts.AsSpan(2))
            if (option != "LAYOUT=maildir++")
                throw new FormatException($"mail location '{text}': the option '{option}' is not supported");
        return new(MailFormat.Maildir, Absolute(Expand(parts[1], user, home), text, home), null);
    }

    static MailLocation Mbox(string text, string[] parts, string user, string home)
    {
        string? inbox = null;
        foreach (var option in parts.AsSpan(2))
            inbox = option.StartsWith("INBOX=", StringComparison.Ordinal) ? option[6..]
                : throw new FormatException($"mail location '{text}': the option '{option}' is not supported");
        var root = Absolute(Expand(parts[1], user, home), text, home);
        return new(MailFormat.Mbox, root, inbox is null ? root + "/inbox" : Absolute(Expand(inbox, user, home), text, home));
    }

    // Postfix local(8): home_mailbox is a path below the home directory; a trailing slash asks for a maildir.
    static MailLocation Relative(string text, string user, string home)
    {
        var path = Expand(text, user, home);
        if (path.StartsWith('/') && !text.StartsWith('/'))
            throw new FormatException($"mail location '{text}': say maildir:{text} or mbox:{text}");
        var absolute = path.StartsWith('/') ? path : $"{home.TrimEnd('/')}/{path}";
        return path.EndsWith('/')
            ? new(MailFormat.Maildir, Absolute(absolute.TrimEnd('/'), text, home), null)
            : new(MailFormat.Mbox, Absolute(home.TrimEnd('/') + "/mail", text, home), Absolute(absolute, text, home));
    }

    static string Absolute(string path, string text, string home)
    {
        if (path.StartsWith("~/", StringComparison.Ordinal) || path == "~")
            path = home.TrimEnd('/') + path[1..];
        if (path.Length > 1)
            path = path.TrimEnd('/');
        if (!path.StartsWith('/') || path.Length < 2)
            throw new FormatException($"mail location '{text}': '{path}' is not an absolute path (begin it with / or ~/)");
        if (path.Split('/').Contains(".."))
            throw new FormatException($"mail location '{text}': '..' is not allowed in a path");
        return path;
    }

    static string Expand(string text, string user, string home)
    {
        var at = user.IndexOf('@');
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }
            var variable = ++i < text.Length ? text[i] : '\0';
            result.Append(variable switch
            {
                'u' => Safe(user, text),
                'n' => Safe(at < 0 ? user : user[..at], text),
                'd' => at < 0 ? "" : Safe(user[(at + 1)..], text),
                'h' => home.TrimEnd('/'),
                '%' => "%",
                _ => throw new FormatException($"mail location '{text}': '%{variable}' is not a known variable (%u %n %d %h)"),
            });
        }
        return result.ToString();
    }

    // A user name is the client's word: it may not choose another directory.
    static string Safe(string part, string text) =>
        part.Length == 0 || part.Contains('/') || part.Contains('\0') || part[0] == '.'
            ? throw new FormatException($"mail location '{text}': the user name cannot be used in a path")
            : part;
}
