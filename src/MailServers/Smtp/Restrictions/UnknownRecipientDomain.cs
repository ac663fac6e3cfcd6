using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Restrictions;

sealed class UnknownRecipientDomain : IRestriction
{
    public string Name => "reject_unknown_recipient_domain";

    public async ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop)
    {
        if (context.Recipient is not { } recipient || context.Resolver.Resolve(recipient) is not { Class: DomainClass.Other, Address.Domain: { } domain })
            return Verdict.Dunno;
        var rejected = $"<{recipient.Unquoted}>: Recipient address rejected:";
        return await context.Domains.FindAsync(domain, stop) switch
        {
            DomainState.NotFound => Verdict.Refuse($"{RejectCodes.Status(context.Settings.Codes.UnknownAddress, "1.2")} {rejected} Domain not found"),
            DomainState.NullMx => Verdict.Refuse($"556 5.1.10 {rejected} Domain {domain} does not accept mail (nullMX)"),
            DomainState.Temporary => Verdict.DeferIfPermit($"450 4.1.2 {rejected} Domain not found"),
            _ => Verdict.Dunno,
        };
    }
}
