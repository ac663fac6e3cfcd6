namespace MailServers.Queue.Routing;

/// <summary>A list of domain patterns: "example.com", ".example.com" (subdomains), "!example.com" (not that one). The first match decides.</summary>
sealed class DomainList(IEnumerable<string> patterns, bool includeSubdomains)
{
    readonly string[] _patterns = [.. patterns.Select(p => p.Trim().TrimEnd('.').ToLowerInvariant()).Where(p => p.Length > 0)];

    public bool Contains(string domain)
    {
        domain = domain.TrimEnd('.').ToLowerInvariant();
        foreach (var pattern in _patterns)
        {
            var negated = pattern[0] == '!';
            if (Matches(negated ? pattern[1..] : pattern, domain))
                return !negated;
        }
        return false;
    }

    bool Matches(string pattern, string domain) =>
        pattern == domain
        || (pattern.StartsWith('.') && domain.Length > pattern.Length && domain.EndsWith(pattern, StringComparison.Ordinal))
        || (includeSubdomains && domain.EndsWith("." + pattern, StringComparison.Ordinal));
}
