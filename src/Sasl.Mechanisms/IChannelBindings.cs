namespace Sasl.Mechanisms;

/// <summary>Channel bindings of one connection (RFC 5056), given by whoever holds its TLS.</summary>
public interface IChannelBindings
{
    /// <summary>The types that the channel has, the preferred one first: "tls-exporter", "tls-server-end-point", "tls-unique".</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>The binding data of a type, without the type's name; null when the channel has none of it. Only asked when a mechanism needs it.</summary>
    ValueTask<byte[]?> FindAsync(string type, CancellationToken stop);
}
