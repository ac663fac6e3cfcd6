namespace MailServers.Queue.Local;

/// <summary>A local part as user and extension: the first of the delimiters splits (recipient_delimiter).</summary>
static class UserName
{
    public static (string User, string Extension) Split(string localPart, string delimiters)
    {
        if (IsNeverSplit(localPart, delimiters))
            return (localPart, "");
        var at = localPart.AsSpan().IndexOfAny(delimiters);
        return at <= 0 ? (localPart, "") : (localPart[..at], localPart[(at + 1)..]);
    }

    static bool IsNeverSplit(string name, string delimiters) =>
        name.ToLowerInvariant() is "postmaster" or "mailer-daemon" or "double-bounce"
        || (delimiters.Contains('-') && (name.StartsWith("owner-", StringComparison.OrdinalIgnoreCase) || name.EndsWith("-request", StringComparison.OrdinalIgnoreCase)));
}
