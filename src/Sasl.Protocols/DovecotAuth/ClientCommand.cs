namespace Sasl.Protocols.DovecotAuth;

/// <summary>A line of an auth client, parsed.</summary>
public abstract record ClientCommand
{
    ClientCommand()
    {
    }

    public sealed record Version(int Major, int Minor) : ClientCommand;

    public sealed record ProcessId(int Pid) : ClientCommand;

    /// <param name="Parameters">name or name=value, unescaped; "resp" is not among them.</param>
    public sealed record Auth(uint Id, string Mechanism, string Service, IReadOnlyList<string> Parameters, ClientData Initial) : ClientCommand
    {
        public string? this[string name] => TabLine.Value((string[])Parameters, name);

        public bool Has(string name) => this[name] is not null;
    }

    /// <param name="Binding">The channel binding that the server asked the front end for.</param>
    public sealed record Continue(uint Id, ClientData Data, ClientData Binding = default) : ClientCommand;

    public sealed record Cancel(uint Id) : ClientCommand;

    /// <summary>The framing is broken: the connection cannot go on.</summary>
    /// <param name="Reason">For the log; names the field, never its value.</param>
    public sealed record Broken(string Reason) : ClientCommand;
}

/// <summary>SASL data of a client: absent, decoded, or not base64 (which fails the request and nothing else).</summary>
/// <param name="IsOutOfBand">"#": not the client's data but the front end's own answer.</param>
public readonly record struct ClientData(byte[]? Bytes, bool IsInvalid, bool IsOutOfBand = false)
{
    public static ClientData None => default;

    public static ClientData Invalid => new(null, true);

    public static ClientData OutOfBand => new(null, false, true);
}
