namespace MailServers.Smtp.Restrictions;

enum DomainState
{
    /// <summary>It has a mail exchanger or an address.</summary>
    Exists,

    /// <summary>DNS says for sure that nothing can be delivered there.</summary>
    NotFound,

    /// <summary>RFC 7505: "MX 0 .", it wants no mail.</summary>
    NullMx,

    /// <summary>DNS did not answer; nobody knows.</summary>
    Temporary,
}

/// <summary>What DNS says about a mail domain.</summary>
interface IDomainLookup
{
    ValueTask<DomainState> FindAsync(string domain, CancellationToken stop);
}
