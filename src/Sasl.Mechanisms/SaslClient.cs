namespace Sasl.Mechanisms;

/// <summary>
/// A client's negotiation on one connection: the best mechanism that both sides have and the policy allows, after a failure the next.
/// </summary>
/// <param name="credentials">Who we are.</param>
/// <param name="channel">The connection.</param>
/// <param name="settings">Policy and limits; null for the defaults.</param>
public sealed class SaslClient(ClientCredentials credentials, SaslChannel channel, SaslSettings? settings = null)
{
    readonly SaslSettings _settings = settings ?? SaslSettings.Default;
    readonly HashSet<SaslMechanism> _tried = [];

    /// <summary>
    /// The session to run next; without one, the reason. Each call after the first says that the session before has failed.
    /// </summary>
    /// <param name="offered">The server's list as it stands now, in any order and case; names we do not know are passed over.</param>
    public (SaslClientSession? Session, string Reason) Next(IEnumerable<string> offered)
    {
        var known = offered.Select(SaslMechanisms.Find).OfType<SaslMechanism>().Distinct().ToArray();
        if (known.Length == 0)
            return (null, "the server offers no mechanism that we know");
        var reasons = new List<string>();
        foreach (var mechanism in known.Except(_tried).OrderByDescending(m => m.Strength))
        {
            if (Refuse(mechanism) is { } reason)
            {
                reasons.Add(reason);
                continue;
            }
            _tried.Add(mechanism);
            return (new(mechanism, credentials, channel, _settings, known.Any(IsBound)), "");
        }
        return (null, reasons.Count == 0 ? "every mechanism of the server has failed" : string.Join("; ", reasons));
    }

    static bool IsBound(SaslMechanism mechanism) => mechanism.Flags.HasFlag(MechanismFlags.ChannelBinding);

    string? Refuse(SaslMechanism mechanism)
    {
        if (!credentials.Fit(mechanism))
            return $"{mechanism.Name} needs other credentials";
        if (mechanism.Need == ClientNeed.Channel && channel.ExternalId is null)
            return $"{mechanism.Name}: the connection proves no identity";
        // RFC 5802 §6: a mechanism bound to the channel fails when somebody sits in the middle. Nothing weaker may be handed to him.
        if (_tried.Any(IsBound) && !IsBound(mechanism))
        {
            var fallback = _settings.Policy.AfterBindingFailure;
            if (fallback == BindingFallback.Stop)
                return $"{mechanism.Name} is not bound to the channel, and one that is has failed";
            if (fallback == BindingFallback.NoPlaintext && mechanism.Flags.HasFlag(MechanismFlags.Plaintext))
                return $"{mechanism.Name} would give the secret away after a mechanism bound to the channel has failed";
        }
        return _settings.Policy.Refuse(mechanism, channel);
    }
}
