namespace Sasl.Mechanisms;

/// <summary>What a host offers its clients: mechanisms under a policy, with one set of credentials. For all connections at once.</summary>
/// <param name="credentials">The host's knowledge.</param>
/// <param name="settings">Policy, limits, keys; null for the defaults.</param>
/// <param name="mechanisms">What the credentials can serve, in the order of the offer; null for the whole table, strongest first.</param>
public sealed class SaslServer(ISaslCredentials credentials, SaslSettings? settings = null, IEnumerable<SaslMechanism>? mechanisms = null)
{
    readonly SaslSettings _settings = settings ?? SaslSettings.Default;
    readonly SaslMechanism[] _mechanisms = [.. mechanisms ?? SaslMechanisms.All.OrderByDescending(m => m.Strength)];

    /// <summary>The mechanisms to announce on this channel.</summary>
    public IReadOnlyList<SaslMechanism> Offer(SaslChannel channel) => Array.FindAll(_mechanisms, m => Refuse(m, channel) is null);

    /// <summary>Starts an exchange; without a session, the reason for the log. Only what is offered on this channel can be started.</summary>
    /// <param name="name">As the client gave it, in any case.</param>
    /// <param name="channel">The connection.</param>
    public (SaslServerSession? Session, string Reason) Start(string name, SaslChannel channel)
    {
        if (Array.Find(_mechanisms, m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } mechanism)
            return (null, "no such mechanism here");
        if (Refuse(mechanism, channel) is { } reason)
            return (null, reason);
        // A client's "you did not offer it" is only a lie when we did.
        if (channel.Bindings is not null && !Array.Exists(_mechanisms, m => m.Flags.HasFlag(MechanismFlags.ChannelBinding) && Refuse(m, channel) is null))
            channel = channel with { Bindings = null };
        return (new(mechanism, credentials, channel, _settings), "");
    }

    string? Refuse(SaslMechanism mechanism, SaslChannel channel) =>
        // RFC 4422 appendix A: EXTERNAL is announced where something external has proven an identity.
        mechanism.Need == ClientNeed.Channel && channel.ExternalId is null ? $"{mechanism.Name}: the connection proves no identity"
            : _settings.Policy.Refuse(mechanism, channel);
}
