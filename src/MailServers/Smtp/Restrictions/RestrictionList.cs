namespace MailServers.Smtp.Restrictions;

/// <summary>One step of a list: the restriction (null when nobody knows the word) and whether its refusal is only a warning.</summary>
sealed record RestrictionStep(string Word, IRestriction? Restriction, bool WarnOnly);

/// <summary>A restriction list, read once. The first definite verdict ends it; the end of the list is no opinion.</summary>
sealed class RestrictionList
{
    readonly List<RestrictionStep> _steps = [];

    public RestrictionList(IEnumerable<string> words)
    {
        var warn = false;
        foreach (var word in words)
        {
            if (word.Equals(RestrictionTable.WarnIfReject, StringComparison.OrdinalIgnoreCase))
            {
                warn = true;
                continue;
            }
            _steps.Add(new(word, RestrictionTable.Find(word), warn));
            warn = false;
        }
    }

    public bool IsEmpty => _steps.Count == 0;

    /// <param name="armed">The first temporary problem that only counts if the mail would pass otherwise.</param>
    /// <param name="warn">Told of refusals under warn_if_reject, and with null of words that are no restriction.</param>
    public async ValueTask<Verdict> CheckAsync(RestrictionContext context, Action<string> armed, Action<RestrictionStep, string?> warn, CancellationToken stop)
    {
        foreach (var step in _steps)
        {
            if (step.Restriction is null)
            {
                warn(step, null);
                return Verdict.Refuse("451 4.3.5 Server configuration error");
            }
            var verdict = await step.Restriction.CheckAsync(context, stop);
            switch (verdict.Kind)
            {
                case VerdictKind.Refuse or VerdictKind.DeferIfPermit when step.WarnOnly:
                    warn(step, verdict.Reply);
                    break;
                case VerdictKind.DeferIfPermit:
                    armed(verdict.Reply);
                    break;
                case VerdictKind.Permit or VerdictKind.Refuse:
                    return verdict;
            }
        }
        return Verdict.Dunno;
    }
}
