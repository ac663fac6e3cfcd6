using MailServers.Imap.Wire;

namespace MailServers.Imap.Commands;

/// <summary>
/// RFC 3501 §6.3.8: "*" matches anything, "%" anything but the separator. Tries every place of a name at once, so that "*a*a*a*a…"
/// costs no more than pattern times name.
/// </summary>
sealed class ListPattern(string pattern, char separator)
{
    public const int Longest = 1000;

    public bool Matches(string name)
    {
        // RFC 3501 §5.1: INBOX is INBOX in any case.
        var caseless = MailboxName.IsInbox(name, separator) ? MailboxName.Inbox.Length : 0;
        // reached[i]: the pattern read so far matches the first i characters of the name.
        var reached = new bool[name.Length + 1];
        reached[0] = true;
        foreach (var c in pattern)
        {
            if (c is '*' or '%')
            {
                for (var i = 1; i <= name.Length; i++)
                    reached[i] |= reached[i - 1] && (c == '*' || name[i - 1] != separator);
                continue;
            }
            for (var i = name.Length; i > 0; i--)
                reached[i] = reached[i - 1] && (name[i - 1] == c || i <= caseless && char.ToUpperInvariant(c) == name[i - 1]);
            reached[0] = false;
        }
        return reached[^1];
    }

    /// <summary>The pattern of a command: reference and name put together.</summary>
    public static ListPattern? Expect(ImapDecoder arguments, char separator, out string reference, out string name)
    {
        arguments.ExpectSpace();
        reference = arguments.ExpectMailbox(separator);
        arguments.ExpectSpace();
        name = arguments.ExpectListMailbox();
        arguments.ExpectEnd();
        if (reference.Length + name.Length > Longest)
            arguments.Fail("Pattern is too long.");
        return arguments.Failed ? null : new(reference + name, separator);
    }
}
