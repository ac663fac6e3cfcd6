namespace MailServers.Lmtp;

/// <summary>The keyword=value parameters behind a path (RFC 5321 §4.1.2 esmtp-param).</summary>
static class EsmtpParameters
{
    /// <summary>
    /// Null when one is malformed or given twice, or not in the list of those that are known. RFC 5321 §4.1.2: an esmtp-value holds no control
    /// character; a bare CR would go on to the next server in a command of ours.
    /// </summary>
    public static Dictionary<string, string>? TryParse(ReadOnlySpan<char> text, ReadOnlySpan<string> known)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            if (word.IndexOfAnyInRange('\0', '\x1f') >= 0 || word.Contains('\x7f'))
                return null;
            var equals = word.IndexOf('=');
            var name = (equals < 0 ? word : word[..equals]).ToString().ToUpperInvariant();
            if (!known.Contains(name) || !parameters.TryAdd(name, equals < 0 ? "" : word[(equals + 1)..].ToString()))
                return null;
        }
        return parameters;
    }
}
