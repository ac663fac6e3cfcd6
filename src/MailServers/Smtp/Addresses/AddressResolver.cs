namespace MailServers.Smtp.Addresses;

/// <summary>Where an address really leads.</summary>
/// <param name="IsRouted">Its local part is a route that somebody else would follow (a%b@relay): never a reason to let it pass.</param>
sealed record ResolvedAddress(MailAddress Address, DomainClass Class, bool IsRouted);

/// <summary>
/// Completes and resolves envelope addresses: a missing domain becomes $myorigin, and routes through us are followed to their end, so
/// that nobody relays by hiding the true destination in the local part.
/// </summary>
sealed class AddressResolver(LocalDomains domains, string origin)
{
    public LocalDomains Domains => domains;

    /// <summary>A sender as it goes on: with a domain, and with nothing else changed.</summary>
    public MailAddress Complete(MailAddress address) => address.IsNull || address.Domain is not null ? address : address with { Domain = origin };

    public ResolvedAddress Resolve(MailAddress address)
    {
        if (address.IsNull)
            return new(address, DomainClass.Local, false);
        if (address.Domain is null && Step(address.LocalPart) is { } hidden)
            address = hidden;
        while (domains.Classify(address.Domain) == DomainClass.Local && Step(address.LocalPart) is { } next)
            address = next;
        if (address.Domain is null)
            address = address with { Domain = origin };
        var final = domains.Classify(address.Domain);
        return new(address, final, final != DomainClass.Local && address.LocalPart.AsSpan().ContainsAny("@%!"));
    }

    /// <summary>One step of a route: "u@d" and "u%d" to u at d, "d!u" likewise. Null when the local part is no route.</summary>
    static MailAddress? Step(string local)
    {
        if (Split(local, local.LastIndexOf('@')) is { } at)
            return at;
        var bang = local.IndexOf('!');
        if (bang > 0 && bang < local.Length - 1)
            return Checked(local[(bang + 1)..], local[..bang]);
        return Split(local, local.LastIndexOf('%'));
    }

    static MailAddress? Split(string local, int at) => at > 0 && at < local.Length - 1 ? Checked(local[..at], local[(at + 1)..]) : null;

    /// <summary>What stands in for a domain must look like one, or the local part is just a strange name.</summary>
    static MailAddress? Checked(string local, string domain) =>
        PathParser.TryParseMailbox($"x@{domain}", out var parsed) && parsed.Domain is not null ? new(local, parsed.Domain) : null;
}
