using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace MailServers.Smtp.Restrictions;

/// <summary>Asks DNS whether a domain can have mail: MX, else A or AAAA (RFC 5321 §5.1). Answers are cached by their TTL.</summary>
sealed class DnsDomainLookup(ILookupClient client) : IDomainLookup
{
    public async ValueTask<DomainState> FindAsync(string domain, CancellationToken stop)
    {
        // An address literal needs no DNS.
        if (domain.StartsWith('['))
            return DomainState.Exists;
        var certain = true;
        foreach (var type in (QueryType[])[QueryType.MX, QueryType.A, QueryType.AAAA])
        {
            switch (await AskAsync(domain, type, stop))
            {
                case DomainState.Temporary:
                    certain = false;
                    break;
                case DomainState.NotFound:
                    break;
                case var found:
                    return found;
            }
        }
        return certain ? DomainState.NotFound : DomainState.Temporary;
    }

    async ValueTask<DomainState> AskAsync(string domain, QueryType type, CancellationToken stop)
    {
        try
        {
            var answer = await client.QueryAsync(domain, type, cancellationToken: stop);
            if (answer.HasError)
                return answer.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain ? DomainState.NotFound : DomainState.Temporary;
            if (type == QueryType.MX && answer.Answers.MxRecords().ToArray() is [{ Preference: 0 } only] && IsRoot(only))
                return DomainState.NullMx;
            return answer.Answers.Any(a => a.RecordType == (ResourceRecordType)type) ? DomainState.Exists : DomainState.NotFound;
        }
        catch (Exception failure) when (failure is DnsResponseException or InvalidOperationException or SocketException)
        {
            return DomainState.Temporary;
        }
        catch (ArgumentException)
        {
            // A name that DNS cannot even carry.
            return DomainState.NotFound;
        }
    }

    static bool IsRoot(MxRecord record) => record.Exchange.Value is "." or "";
}
