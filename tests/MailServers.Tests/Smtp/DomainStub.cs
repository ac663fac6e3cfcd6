using MailServers.Smtp.Restrictions;

namespace MailServers.Tests.Smtp;

/// <summary>DNS as far as a restriction sees it.</summary>
sealed class DomainStub : IDomainLookup
{
    public ValueTask<DomainState> FindAsync(string domain, CancellationToken stop) => new(domain.ToLowerInvariant() switch
    {
        "nowhere.test" => DomainState.NotFound,
        "null.test" => DomainState.NullMx,
        "slow.test" => DomainState.Temporary,
        _ => DomainState.Exists,
    });
}
