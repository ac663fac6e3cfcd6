using Sasl.Credentials;

namespace Saslauthd;

/// <summary>The mechanisms of -a in their order: the first that knows the password decides.</summary>
sealed class MechanismChain(IReadOnlyList<IPasswordSource> sources)
{
    /// <summary>What the answers of all of them depend on: an earlier one may know tomorrow whom a later one let in today.</summary>
    public ChainState State => new([.. sources.Select(source => source.State)]);

    /// <summary>The verdict and the mechanism that gave it.</summary>
    public async ValueTask<(Verdict Verdict, string Mechanism)> VerifyAsync(PasswordQuery query, CancellationToken stop)
    {
        (Verdict Verdict, string Mechanism) result = default;
        foreach (var source in sources)
        {
            var verdict = await source.VerifyAsync(query, stop);
            query.Explanation?.Add($"{source.Name}: {verdict.Kind.ToString().ToLowerInvariant()}{(verdict.Reason.Length > 0 ? $" ({verdict.Reason})" : "")}");
            // A right password of a locked account is final: another store must not let the same user in.
            if (verdict.Kind is VerdictKind.Ok or VerdictKind.Disabled or VerdictKind.Expired)
                return (verdict, source.Name);
            // "Could not look" outweighs "no": the caller may come again.
            if (result.Mechanism is null || result.Verdict.Kind != VerdictKind.Unavailable)
                result = (verdict, source.Name);
        }
        return result;
    }
}

/// <summary>The state of every mechanism; equal when each is.</summary>
sealed record ChainState(SourceState[] Sources)
{
    public bool Equals(ChainState? other) => other is not null && Sources.AsSpan().SequenceEqual(other.Sources);

    public override int GetHashCode() => Sources.Length;
}
