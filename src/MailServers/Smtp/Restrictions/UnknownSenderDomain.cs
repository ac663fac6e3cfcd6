using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Restrictions;

sealed class UnknownSenderDomain : IRestriction
{
    public string Name => "reject_unknown_sender_domain";

    public async ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop)
    {
        // Our own domains need no DNS, nor has the null sender a domain.
        if (context.Sender is not { IsNull: false, Domain: { } domain } sender || context.Resolver.Domains.Classify(domain) != DomainClass.Other)
            return Verdict.Dunno;
        var rejected = $"<{sender.Unquoted}>: Sender address rejected:";
        return await context.Domains.FindAsync(domain, stop) switch
        {
            DomainState.NotFound => Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.UnknownAddress, "1.8")} {rejected} Domain not found"),
            DomainState.NullMx => Verdict.Refuse($"550 5.7.27 {rejected} Domain {domain} does not accept mail (nullMX)"),
            DomainState.Temporary => Verdict.DeferIfPermit($"450 4.1.8 {rejected} Domain not found"),
            _ => Verdict.Dunno,
        };
    }
}
