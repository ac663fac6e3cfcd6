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
                reached[i] = reached[i - 1] && name[i - 1] == c;
            reached[0] = false;
        }
        return reached[^1];
    }

    /// <summary>The pattern of a command: reference and name put together, INBOX in whatever spelling.</summary>
    public static ListPattern? Expect(Wire.ImapDecoder arguments, char separator, out string reference, out string name)
    {
        arguments.ExpectSpace();
        reference = arguments.ExpectMailbox(separator);
        arguments.ExpectSpace();
        name = arguments.ExpectListMailbox();
        arguments.ExpectEnd();
        if (reference.Length + name.Length > Longest)
            arguments.Fail("Pattern is too long.");
        return arguments.Failed ? null : new(Wire.MailboxName.Canonical(WithInbox(reference + name), separator), separator);
    }

    /// <summary>"inb%" is a pattern of INBOX too: case does not count as far as it could become INBOX.</summary>
    static string WithInbox(string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny('*', '%');
        return wild is > 0 and <= 5 && "INBOX".StartsWith(pattern[..wild], StringComparison.OrdinalIgnoreCase)
            ? "INBOX"[..wild] + pattern[wild..] : pattern;
    }
}
