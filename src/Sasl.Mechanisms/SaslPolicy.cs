namespace Sasl.Mechanisms;

/// <summary>Which mechanisms may be used on which channel. It answers with a reason.</summary>
public sealed record SaslPolicy
{
    /// <summary>No password in the clear, nobody without a name; everything else.</summary>
    public static SaslPolicy Default { get; } = new();

    /// <summary>Names of the mechanisms that may be used; null: all.</summary>
    public IReadOnlyCollection<string>? Allowed { get; init; }

    /// <summary>Plaintext mechanisms only where the channel is encrypted.</summary>
    public bool PlaintextOnlyUnderTls { get; init; } = true;

    /// <summary>No plaintext mechanism at all.</summary>
    public bool NoPlaintext { get; init; }

    /// <summary>No ANONYMOUS.</summary>
    public bool NoAnonymous { get; init; } = true;

    /// <summary>Nothing that can be attacked while it runs.</summary>
    public bool NoActive { get; init; }

    /// <summary>Nothing whose messages let a listener try passwords.</summary>
    public bool NoDictionary { get; init; }

    /// <summary>Only mechanisms where one stolen secret does not open other sessions.</summary>
    public bool ForwardSecrecy { get; init; }

    /// <summary>Only mechanisms where the server proves itself.</summary>
    public bool MutualAuth { get; init; }

    /// <summary>Least strength of protection in bits, from the channel and the mechanism's own layer together.</summary>
    public int MinSsf { get; init; }

    /// <summary>Greatest strength of a mechanism's own layer in bits; 0: no layer, as the mail protocols want it under TLS.</summary>
    public int MaxSsf { get; init; }

    /// <summary>Client: what may follow when a mechanism bound to the channel has failed, which is what a machine in the middle looks like.</summary>
    public BindingFallback AfterBindingFailure { get; init; } = BindingFallback.NoPlaintext;

    /// <summary>Null when the mechanism may be used on this channel; else why not.</summary>
    public string? Refuse(SaslMechanism mechanism, SaslChannel channel)
    {
        var flags = mechanism.Flags;
        if (Allowed is not null && !Allowed.Contains(mechanism.Name, StringComparer.OrdinalIgnoreCase))
            return $"{mechanism.Name} is not among the allowed mechanisms";
        if (flags.HasFlag(MechanismFlags.Plaintext) && NoPlaintext)
            return $"{mechanism.Name} sends the secret itself";
        if (flags.HasFlag(MechanismFlags.Plaintext) && PlaintextOnlyUnderTls && !channel.IsEncrypted)
            return $"{mechanism.Name} sends the secret itself and the connection is not encrypted";
        if (flags.HasFlag(MechanismFlags.Anonymous) && NoAnonymous)
            return $"{mechanism.Name} proves nobody";
        if (flags.HasFlag(MechanismFlags.Active) && NoActive)
            return $"{mechanism.Name} can be attacked while it runs";
        if (flags.HasFlag(MechanismFlags.Dictionary) && NoDictionary)
            return $"{mechanism.Name} lets a listener try passwords";
        if (!flags.HasFlag(MechanismFlags.ForwardSecrecy) && ForwardSecrecy)
            return $"{mechanism.Name} has no forward secrecy";
        if (!flags.HasFlag(MechanismFlags.MutualAuth) && MutualAuth)
            return $"{mechanism.Name} does not prove the server";
        if (flags.HasFlag(MechanismFlags.ChannelBinding) && channel.Bindings is not { Types.Count: > 0 })
            return $"{mechanism.Name} needs a channel binding and the connection has none";
        if (Math.Max(channel.ExternalSsf, Math.Min(MaxSsf, mechanism.MaxSsf)) < MinSsf)
            return $"{mechanism.Name} is too weak: {MinSsf} bits are asked for";
        return null;
    }
}

/// <summary>How far a client may fall back when a mechanism bound to the channel has failed.</summary>
public enum BindingFallback
{
    /// <summary>Mechanisms that keep the secret.</summary>
    NoPlaintext,

    /// <summary>Nothing: give up.</summary>
    Stop,

    /// <summary>Also plaintext: who is in the middle gets the password.</summary>
    Anything,
}
