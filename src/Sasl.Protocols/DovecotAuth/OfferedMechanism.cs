namespace Sasl.Protocols.DovecotAuth;

/// <summary>What a MECH line says about a mechanism. Policy hangs on these: a missing "plaintext" would defeat noplaintext.</summary>
[Flags]
public enum OfferedFlags
{
    None = 0,
    Private = 1,
    Anonymous = 2,
    Plaintext = 4,
    Dictionary = 8,
    Active = 16,
    ForwardSecrecy = 32,
    MutualAuth = 64,
    ChannelBinding = 128,
}

/// <summary>A mechanism as the auth server offers it.</summary>
public sealed record OfferedMechanism(string Name, OfferedFlags Flags)
{
    // The order in which Dovecot writes them.
    static readonly (OfferedFlags Flag, string Word)[] _words =
    [
        (OfferedFlags.Private, "private"), (OfferedFlags.Anonymous, "anonymous"), (OfferedFlags.Plaintext, "plaintext"),
        (OfferedFlags.Dictionary, "dictionary"), (OfferedFlags.Active, "active"), (OfferedFlags.ForwardSecrecy, "forward-secrecy"),
        (OfferedFlags.MutualAuth, "mutual-auth"), (OfferedFlags.ChannelBinding, "channel-binding"),
    ];

    /// <summary>The fields of its MECH line.</summary>
    public string[] ToFields() => ["MECH", Name, .. _words.Where(w => Flags.HasFlag(w.Flag)).Select(w => w.Word)];

    /// <summary>From the fields after "MECH". Unknown flags are ignored; null when there is no name.</summary>
    public static OfferedMechanism? TryParse(ReadOnlySpan<string> fields)
    {
        if (fields.IsEmpty || fields[0].Length == 0)
            return null;
        var flags = OfferedFlags.None;
        foreach (var word in fields[1..])
        {
            foreach (var (flag, name) in _words)
                flags |= string.Equals(name, word, StringComparison.OrdinalIgnoreCase) ? flag : OfferedFlags.None;
        }
        return new(fields[0], flags);
    }
}
