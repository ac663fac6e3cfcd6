using Sasl.Mechanisms;

namespace AuthServer.Client;

/// <summary>The channel bindings of a client whose TLS ends at the front end: what it has of a type is asked there, beside the exchange.</summary>
sealed class FrontEndBindings(Func<string, CancellationToken, ValueTask<byte[]?>> ask) : IChannelBindings
{
    // Which of them this connection has, the front end alone knows: it answers with nothing where it has none.
    public IReadOnlyList<string> Types => [ChannelBindings.Exporter, ChannelBindings.EndPoint, ChannelBindings.Unique];

    public ValueTask<byte[]?> FindAsync(string type, CancellationToken stop) => ask(type, stop);
}
