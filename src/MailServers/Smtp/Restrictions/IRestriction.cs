namespace MailServers.Smtp.Restrictions;

/// <summary>One word of a restriction list. Stateless: everything that it looks at is in the context.</summary>
interface IRestriction
{
    string Name { get; }

    ValueTask<Verdict> CheckAsync(RestrictionContext context, CancellationToken stop);
}
