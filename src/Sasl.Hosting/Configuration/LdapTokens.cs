namespace Sasl.Hosting.Configuration;

/// <summary>What may stand behind '%' in a filter, a base or a DN of saslauthd.conf.</summary>
public static class LdapTokens
{
    /// <summary>%%, the login and its parts, the labels of its domain, service, realm, and the DN that was found.</summary>
    public const string All = "%uUd123456789srRD";

    /// <summary>Null when every '%' begins a token. Cyrus drops what it does not know, silently.</summary>
    /// <param name="allowed">Some of <see cref="All"/>.</param>
    public static string? Complaint(string template, string allowed = All)
    {
        for (var at = template.IndexOf('%'); at >= 0; at = at + 2 > template.Length ? -1 : template.IndexOf('%', at + 2))
        {
            if (at + 1 == template.Length)
                return "a % at the end (%% is a percent sign)";
            if (!allowed.Contains(template[at + 1]))
                return All.Contains(template[at + 1]) ? $"%{template[at + 1]} has no value here" : $"unknown token %{template[at + 1]} (%% is a percent sign)";
        }
        return null;
    }

    /// <summary>The same for a filter, whose parentheses must also come in pairs (RFC 4515 §3). Without any it may be a DN, for fastbind.</summary>
    public static string? FilterComplaint(string template, string allowed = All)
    {
        var depth = 0;
        foreach (var c in template)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0)
                break;
        }
        return depth != 0 ? "its parentheses do not come in pairs" : Complaint(template, allowed);
    }
}
