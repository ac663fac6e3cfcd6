using MailServers.Smtp.Addresses;

namespace MailServers.Smtp.Restrictions;

/// <summary>
/// reject_unauth_destination and defer_unauth_destination: the guards of the relay. Only a recipient that we serve, written without
/// any route, passes on.
/// </summary>
sealed class UnauthDestination(string name, Func<SmtpSettings, string> status) : IRestriction
{
    public string Name => name;

    public ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop)
    {
        if (context.Recipient is not { } recipient || IsAuthorized(context.Resolver.Resolve(recipient)))
            return new(Verdict.Dunno);
        return new(Verdict.Refuse($"{status(context.Settings)} <{recipient.Unquoted}>: Relay access denied"));
    }

    public static bool IsAuthorized(ResolvedAddress address) => !address.IsRouted && address.Class != DomainClass.Other;
}
