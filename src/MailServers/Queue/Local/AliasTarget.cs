using System.Text;

namespace MailServers.Queue.Local;

enum TargetKind { Address, Mailbox, File, Directory, Command, Include }

/// <summary>One item of an alias's right-hand side or of a .forward file.</summary>
sealed record AliasTarget(TargetKind Kind, string Value)
{
    /// <summary>
    /// Items between commas or line ends (aliases(5)): an address, \user, /file, /directory/, |command, :include:/file. Double quotes hold blanks and
    /// commas together; '#' begins a comment at the start of a line. What cannot be delivered to comes back as an error text.
    /// </summary>
    public static (List<AliasTarget> Targets, string? Error) Parse(string text)
    {
        var targets = new List<AliasTarget>();
        foreach (var line in text.Split('\n'))
        {
            if (line.TrimStart().StartsWith('#'))
                continue;
            foreach (var item in Items(line.TrimEnd('\r')))
            {
                if (item is null)
                    return (targets, "unbalanced quote");
                if (Classify(item) is not { } target)
                    return (targets, $"bad item: {item}");
                targets.Add(target);
            }
        }
        return (targets, null);
    }

    static AliasTarget? Classify(string item)
    {
        if (item.Contains('\0'))
            return null;
        switch (item)
        {
            case ['|', .. var command]:
                return command.Trim() is { Length: > 0 } c ? new(TargetKind.Command, c) : null;
            case ['/', .., '/']:
                return new(TargetKind.Directory, item);
            case ['/', ..]:
                return new(TargetKind.File, item);
            case ['\\', .. var user]:
                return Lmtp.MailPath.IsAddress(user) ? new(TargetKind.Mailbox, user) : null;
        }
        if (item.StartsWith(":include:", StringComparison.OrdinalIgnoreCase))
            return item[9..].Trim() is ['/', ..] path ? new(TargetKind.Include, path) : null;
        // "Name <address>" means the address.
        if (item.IndexOf('<') is >= 0 and var open && item.EndsWith('>'))
            item = item[(open + 1)..^1];
        return Lmtp.MailPath.IsAddress(item) ? new(TargetKind.Address, item) : null;
    }

    /// <summary>The items of one line without their outer quotes; null for one whose quote does not end.</summary>
    static IEnumerable<string?> Items(string line)
    {
        var (item, quoted, at) = (new StringBuilder(), false, 0);
        for (; at < line.Length; at++)
        {
            var c = line[at];
            if (quoted && c == '\\' && at + 1 < line.Length)
                item.Append(c).Append(line[++at]);
            else if (c == '"')
                (quoted, _) = (!quoted, item.Append(c));
            else if (c == ',' && !quoted)
            {
                if (Unquote(item) is { Length: > 0 } one)
                    yield return one;
                item.Clear();
            }
            else
                item.Append(c);
        }
        if (quoted)
            yield return null;
        else if (Unquote(item) is { Length: > 0 } last)
            yield return last;
    }

    // "|command args" and "/file name" are quoted whole; "a b"@example.com keeps its quotes, they belong to the address.
    static string Unquote(StringBuilder item)
    {
        var text = item.ToString().Trim();
        if (text is not ['"', .. var inner, '"'] || inner is not (['|', ..] or ['/', ..] or ['\\', ..] or [':', ..]))
            return text is ['|', '"', .. var command, '"'] ? "|" + Unescape(command) : text;
        return Unescape(inner);
    }

    static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
            plain.Append(text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' && i > 0 ? text[++i] : text[i]);
        return plain.ToString();
    }
}
