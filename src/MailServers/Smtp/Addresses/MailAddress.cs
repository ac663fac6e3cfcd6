using System.Text;

namespace MailServers.Smtp.Addresses;

/// <summary>
/// A mailbox in internal form: the local part without quoting, the domain without a trailing dot and perhaps missing, perhaps an
/// address literal with its brackets. The null sender has an empty local part and no domain.
/// </summary>
sealed record MailAddress(string LocalPart, string? Domain)
{
    public static readonly MailAddress Null = new("", null);

    public bool IsNull => LocalPart.Length == 0 && Domain is null;

    /// <summary>As it goes on the wire: RFC 5321 §4.1.2, a local part that is no dot-string is quoted.</summary>
    public override string ToString() => Domain is null ? Quoted(LocalPart) : $"{Quoted(LocalPart)}@{Domain}";

    /// <summary>As replies and logs show it: the local part without quotes.</summary>
    public string Unquoted => Domain is null ? LocalPart : $"{LocalPart}@{Domain}";

    /// <summary>Domains compare without case (RFC 5321 §2.4).</summary>
    public bool HasDomain(string domain) => string.Equals(Domain, domain, StringComparison.OrdinalIgnoreCase);

    static string Quoted(string local)
    {
        if (local.Length == 0 || IsDotString(local))
            return local;
        var text = new StringBuilder(local.Length + 2).Append('"');
        foreach (var c in local)
        {
            if (c is '"' or '\\')
                text.Append('\\');
            text.Append(c);
        }
        return text.Append('"').ToString();
    }

    static bool IsDotString(string local)
    {
        if (local[0] == '.' || local[^1] == '.' || local.Contains(".."))
            return false;
        foreach (var c in local)
        {
            if (c != '.' && !IsAtomCharacter(c))
                return false;
        }
        return true;
    }

    /// <summary>RFC 5322 §3.2.3 atext.</summary>
    public static bool IsAtomCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c);
}
